"use client"

import { useSubscription } from "@trpc/tanstack-react-query"
import { useRef, useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import { count, rate } from "#app/ui/format.ts"
import { Empty, Failure } from "#app/ui/states.tsx"
import type { ShownMessage } from "#server/messages/index.ts"
import { MessageList } from "./list.tsx"
import { formatsOf, type Place, partitionsOf, useMessageState } from "./state.ts"

const KEPT = 200

interface Seen {
  rows: ShownMessage[]
  came: number
  since: number
  problems: string[]
}

/** Messages as they arrive, newest above. Pausing keeps what is shown. */
export function Tail({ place }: { place: Place }) {
  const trpc = useTRPC()
  const [state] = useMessageState()
  const [paused, setPaused] = useState(false)
  const [seen, setSeen] = useState<Seen>({ rows: [], came: 0, since: 0, problems: [] })
  const began = useRef(0)
  const asked = { ...place, partitions: partitionsOf(state), formats: formatsOf(state) }
  const live = useSubscription(
    trpc.messages.tail.subscriptionOptions(asked, {
      enabled: !paused,
      onStarted: () => {
        began.current = Date.now()
      },
      onData: ({ rows, came, problems }) =>
        setSeen((before) => ({
          rows: [...rows.toReversed(), ...before.rows].slice(0, KEPT),
          came: before.came + came,
          since: Date.now() - began.current,
          problems,
        })),
    }),
  )
  if (live.status === "error") return <Failure error={live.error} retry={live.reset} />
  const perSecond = seen.since > 1000 ? (seen.came * 1000) / seen.since : null
  return (
    <section className="panel" aria-label="Messages as they arrive">
      <div className="row tools">
        <span className={live.status === "pending" ? "good" : "quiet"}>
          <span aria-hidden="true">{live.status === "pending" ? "●" : "○"}</span>{" "}
          {paused ? "paused" : live.status === "pending" ? "following" : "connecting"}
        </span>
        <span className="quiet">
          {count(seen.came)} received{perSecond !== null && ` (${rate(perSecond)})`}, showing the latest{" "}
          {KEPT}
        </span>
        <span className="grow" />
        <button type="button" className="field" aria-pressed={paused} onClick={() => setPaused(!paused)}>
          {paused ? "Follow" : "Pause"}
        </button>
      </div>
      {seen.problems.map((problem) => (
        <p key={problem} className="warn">
          {problem}
        </p>
      ))}
      {seen.rows.length === 0 ? (
        <Empty>Waiting for new messages…</Empty>
      ) : (
        <MessageList place={place} rows={seen.rows} />
      )}
    </section>
  )
}
