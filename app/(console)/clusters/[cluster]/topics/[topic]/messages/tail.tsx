"use client"

import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react"
import { useSubscription } from "@trpc/tanstack-react-query"
import { useRef, useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import { count, plural, rate } from "#app/ui/format.ts"
import { Empty, Failure } from "#app/ui/states.tsx"
import type { ShownMessage } from "#server/messages/index.ts"
import { MessageList } from "./list.tsx"
import { isSought } from "./matching.ts"
import { formatsOf, type Place, partitionsOf, useMessageState } from "./state.ts"

const KEPT = 200

interface Seen {
  rows: ShownMessage[]
  /** What arrived while the list was held. */
  held: ShownMessage[]
  came: number
  since: number
  problems: string[]
}

/** Messages as they arrive, newest above, filtered as they come. Under the mouse the list stands still. */
export function Tail({ place }: { place: Place }) {
  const trpc = useTRPC()
  const [state] = useMessageState()
  const [paused, setPaused] = useState(false)
  const [held, setHeld] = useState(false)
  const [seen, setSeen] = useState<Seen>({ rows: [], held: [], came: 0, since: 0, problems: [] })
  const began = useRef(0)
  const asked = { ...place, partitions: partitionsOf(state), formats: formatsOf(state) }
  const live = useSubscription(
    trpc.messages.tail.subscriptionOptions(asked, {
      enabled: !paused,
      onStarted: () => {
        began.current = Date.now()
      },
      onData: ({ rows, came, problems }) =>
        setSeen((before) => {
          const arrived = [...rows.toReversed(), ...before.held].slice(0, KEPT)
          const [shown, kept] = held ? [before.rows, arrived] : [[...arrived, ...before.rows], []]
          return {
            rows: shown.slice(0, KEPT),
            held: kept,
            came: before.came + came,
            since: Date.now() - began.current,
            problems,
          }
        }),
    }),
  )
  if (live.status === "error") return <Failure error={live.error} retry={live.reset} />
  const sought = { find: state.find, q: state.q }
  const rows = seen.rows.filter((row) => isSought(row, sought))
  const arrived = seen.held.filter((row) => isSought(row, sought)).length
  const word = paused ? "paused" : live.status !== "pending" ? "connecting" : held ? "holding" : "following"
  const perSecond = seen.since > 1000 ? (seen.came * 1000) / seen.since : null
  return (
    <section className={`panel tail ${word}`} aria-label="Messages as they arrive">
      <div className="row tools">
        <strong className="tail-state">{word}</strong>
        <span className="quiet">
          {count(seen.came)} received{perSecond !== null && ` (${rate(perSecond)})`}
          {state.q !== "" &&
            state.find !== "expression" &&
            `, ${count(rows.length)} of the latest ${KEPT} match`}
          {state.q === "" && `, showing the latest ${KEPT}`}
        </span>
        {state.q !== "" && state.find === "expression" && (
          <span className="warn">Expressions are for searches: all messages are shown.</span>
        )}
        {held && arrived > 0 && (
          <span className="notice">{plural(arrived, "new message", "new messages")}: move away to show</span>
        )}
        <span className="grow" />
        <button type="button" className="field" aria-pressed={paused} onClick={() => setPaused(!paused)}>
          {paused ? (
            <IconPlayerPlay size={14} aria-hidden="true" />
          ) : (
            <IconPlayerPause size={14} aria-hidden="true" />
          )}
          {paused ? "Follow" : "Pause"}
        </button>
      </div>
      {seen.problems.map((problem) => (
        <p key={problem} className="warn">
          {problem}
        </p>
      ))}
      <div onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}>
        {rows.length === 0 ? (
          <Empty>Waiting for new messages…</Empty>
        ) : (
          <MessageList place={place} rows={rows} />
        )}
      </div>
    </section>
  )
}
