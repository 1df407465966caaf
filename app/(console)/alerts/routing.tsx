"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { MutationError, Query } from "#app/ui/states.tsx"
import { DraftRoute } from "./route-form.tsx"
import { type Draft, draftOf, newDraft, routeOf } from "./routes.ts"

type Loaded = RouterOutputs["alerts"]["routing"]

/** Which alerts go where, in order. */
export function Routing() {
  const trpc = useTRPC()
  const routing = useQuery(trpc.alerts.routing.queryOptions())
  return (
    <section className="panel" aria-label="Routes">
      <h2>Routes</h2>
      <p className="quiet note">
        An alert takes the first route that matches it, and the routes below only if that one continues.
      </p>
      <Query of={routing}>{(loaded) => <Routes key={JSON.stringify(loaded)} loaded={loaded} />}</Query>
    </section>
  )
}

function Routes({ loaded }: { loaded: Loaded }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [drafts, setDrafts] = useState<Draft[]>(() => loaded.routing.routes.map(draftOf))
  const save = useMutation(
    trpc.alerts.setRouting.mutationOptions({
      onSuccess: () => client.invalidateQueries({ queryKey: trpc.alerts.pathKey() }),
    }),
  )
  const routes = drafts.map(routeOf)
  const changed = JSON.stringify(routes) !== JSON.stringify(loaded.routing.routes)
  const change = (id: string, part: Partial<Draft>) =>
    setDrafts(drafts.map((one) => (one.id === id ? { ...one, ...part } : one)))
  const move = (index: number, by: number) => {
    const next = [...drafts]
    next.splice(index + by, 0, ...next.splice(index, 1))
    setDrafts(next)
  }
  const submit = () => {
    const whole = routes.filter((one) => one !== null)
    if (whole.length === routes.length)
      save.mutate({ before: loaded.routing, routing: { ...loaded.routing, routes: whole } })
  }
  return (
    <>
      <ol className="routes">
        {drafts.map((draft, index) => (
          <li key={draft.id}>
            <DraftRoute
              draft={draft}
              channels={loaded.channels}
              change={(part) => change(draft.id, part)}
              up={index > 0 ? () => move(index, -1) : null}
              down={index < drafts.length - 1 ? () => move(index, 1) : null}
              remove={() => setDrafts(drafts.filter((one) => one.id !== draft.id))}
            />
          </li>
        ))}
      </ol>
      <div className="row">
        <button type="button" className="field" onClick={() => setDrafts([newDraft(), ...drafts])}>
          Add a route
        </button>
        <button
          type="button"
          className="field act"
          disabled={!changed || routes.includes(null) || save.isPending}
          onClick={submit}
        >
          Save routes
        </button>
        {changed && (
          <button
            type="button"
            className="field"
            onClick={() => setDrafts(loaded.routing.routes.map(draftOf))}
          >
            Discard changes
          </button>
        )}
        {drafts.length === 0 && <span className="warn">Without a route nobody is notified.</span>}
        <MutationError of={save} inline />
      </div>
    </>
  )
}
