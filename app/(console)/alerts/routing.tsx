"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { MutationError, Query } from "#app/ui/states.tsx"
import { Inhibitions } from "./inhibitions.tsx"
import { DraftRoute } from "./route-form.tsx"
import { type Draft, draftOf, inhibitionDraftOf, inhibitionOf, newDraft, routeOf } from "./routes.ts"

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
  const [explained, setExplained] = useState(() => loaded.routing.inhibitions.map(inhibitionDraftOf))
  const save = useMutation(
    trpc.alerts.setRouting.mutationOptions({
      onSuccess: () => client.invalidateQueries({ queryKey: trpc.alerts.pathKey() }),
    }),
  )
  const routes = drafts.map(routeOf)
  const inhibitions = explained.map(inhibitionOf)
  const isReadable = !routes.includes(null) && !inhibitions.includes(null)
  const changed =
    JSON.stringify([routes, inhibitions]) !==
    JSON.stringify([loaded.routing.routes, loaded.routing.inhibitions])
  const change = (id: string, part: Partial<Draft>) =>
    setDrafts(drafts.map((one) => (one.id === id ? { ...one, ...part } : one)))
  const move = (index: number, by: number) => {
    const next = [...drafts]
    next.splice(index + by, 0, ...next.splice(index, 1))
    setDrafts(next)
  }
  const submit = () => {
    if (!isReadable) return
    const routing = {
      routes: routes.filter((one) => one !== null),
      inhibitions: inhibitions.filter((one) => one !== null),
    }
    save.mutate({ before: loaded.routing, routing })
  }
  const discard = () => {
    setDrafts(loaded.routing.routes.map(draftOf))
    setExplained(loaded.routing.inhibitions.map(inhibitionDraftOf))
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
      </div>
      <Inhibitions drafts={explained} change={setExplained} />
      <div className="row after">
        <button
          type="button"
          className="field act"
          disabled={!changed || !isReadable || save.isPending}
          onClick={submit}
        >
          Save routes
        </button>
        {changed && (
          <button type="button" className="field" onClick={discard}>
            Discard changes
          </button>
        )}
        {drafts.length === 0 && <span className="warn">Without a route nobody is notified.</span>}
        <MutationError of={save} inline />
      </div>
    </>
  )
}
