"use client"

import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import { count } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { Empty, Query } from "#app/ui/states.tsx"
import { type Place, useMessageState } from "./state.ts"

/** The latest searches of this topic, whoever began them. */
export function Earlier({ place }: { place: Place }) {
  const [open, setOpen] = useState(false)
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="quiet">Earlier searches</summary>
      {open && <Searches place={place} />}
    </details>
  )
}

function Searches({ place }: { place: Place }) {
  const trpc = useTRPC()
  const [, set] = useMessageState()
  const found = useQuery(trpc.messages.searches.queryOptions(place))
  return (
    <Query of={found}>
      {(searches) =>
        searches.length === 0 ? (
          <Empty>No searches yet.</Empty>
        ) : (
          <ul>
            {searches.map((one) => (
              <li key={one.id}>
                <button
                  type="button"
                  className="link mono wrap"
                  onClick={() => void set({ job: one.id, msg: null })}
                >
                  {one.question.match.text}
                </button>{" "}
                <span className="quiet">
                  {one.state}, {count(one.matched)} found in {count(one.covered)} of {count(one.records)},{" "}
                  {one.createdBy}, <Moment at={one.createdAt} />
                </span>
              </li>
            ))}
          </ul>
        )
      }
    </Query>
  )
}
