"use client"

import { IconHistory } from "@tabler/icons-react"
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import Link from "next/link"
import { usePathname } from "next/navigation"
import { useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import { Button } from "#app/ui/button.tsx"
import { Form, useValidity } from "#app/ui/form.tsx"
import { count } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { Popover } from "#app/ui/popover.tsx"
import { Empty, Query } from "#app/ui/states.tsx"
import { showToast } from "#app/ui/toast.ts"
import { type Place, useMessageState } from "./state.ts"

/** What belongs to one moment, not to a search that is kept. */
const OF_THE_MOMENT = ["job", "msg", "send"]

/** Searches of this topic: those that were saved under a name, and the latest, whoever began them. */
export function Searches({ place }: { place: Place }) {
  return (
    <Popover
      label="Saved and earlier searches"
      summary={
        <>
          <IconHistory size={14} aria-hidden="true" /> <span className="word">Searches</span>
        </>
      }
    >
      <Saved />
      <Earlier place={place} />
    </Popover>
  )
}

function Saved() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const pathname = usePathname()
  const [{ q }] = useMessageState()
  const [name, setName] = useState("")
  const views = useQuery(trpc.views.list.queryOptions())
  const save = useMutation(
    trpc.views.save.mutationOptions({
      onSuccess: () => {
        showToast(`The search “${name}” was saved.`)
        setName("")
      },
      onSettled: () => client.invalidateQueries({ queryKey: trpc.views.list.queryKey() }),
    }),
  )
  const mine = (views.data ?? []).filter(({ path }) => path.startsWith(`${pathname}?`) && path.includes("q="))
  const { field, note } = useValidity({ rule: "Enter a name.", help: false })
  const submit = () => {
    const kept = new URLSearchParams(window.location.search)
    for (const one of OF_THE_MOMENT) kept.delete(one)
    save.mutate({ name, path: `${pathname}?${kept}`, shared: false })
  }
  return (
    <section aria-label="Saved searches">
      <h3>Saved</h3>
      {mine.length === 0 ? (
        <Empty>No search of this topic is saved yet.</Empty>
      ) : (
        <ul className="views">
          {mine.map((view) => (
            <li key={view.id}>
              <Link href={view.path}>{view.name}</Link>
            </li>
          ))}
        </ul>
      )}
      {q !== "" && (
        <Form onSubmit={submit}>
          <div className="row tight">
            <input
              {...field}
              className="field grow"
              aria-label="Name of the search"
              placeholder="Save this search as"
              required
              maxLength={80}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
            <Button type="submit" busy={save.isPending}>
              Save
            </Button>
          </div>
          {note}
        </Form>
      )}
      {save.error && (
        <p className="bad note" role="alert">
          {save.error.message}
        </p>
      )}
    </section>
  )
}

function Earlier({ place }: { place: Place }) {
  const trpc = useTRPC()
  const [, set] = useMessageState()
  const found = useQuery(trpc.messages.searches.queryOptions(place))
  return (
    <section aria-label="Earlier searches">
      <h3>Earlier</h3>
      <Query of={found}>
        {(searches) =>
          searches.length === 0 ? (
            <Empty>No searches yet.</Empty>
          ) : (
            <ul className="views">
              {searches.map((one) => (
                <li key={one.id}>
                  <button type="button" className="item" onClick={() => void set({ job: one.id, msg: null })}>
                    <span className="mono wrap">{one.question.match.text}</span>
                    <br />
                    <span className="quiet help">
                      {one.state}, {count(one.matched)} found in {count(one.covered)} of {count(one.records)},{" "}
                      {one.createdBy}, <Moment at={one.createdAt} />
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Query>
    </section>
  )
}
