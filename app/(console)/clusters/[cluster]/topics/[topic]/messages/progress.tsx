"use client"

import { count, duration, rate } from "#app/ui/format.ts"
import { type Look, Mark } from "#app/ui/mark.tsx"
import { Moment } from "#app/ui/moment.tsx"
import type { SearchView } from "#server/messages/index.ts"

const STATES: Record<SearchView["state"], Look & { word: string }> = {
  queued: { shape: "ring", tone: "quiet", word: "waiting to start" },
  running: { shape: "dot", tone: "good", word: "searching" },
  done: { shape: "dot", tone: "good", word: "done" },
  stopped: { shape: "square", tone: "warn", word: "stopped" },
  interrupted: { shape: "square", tone: "warn", word: "interrupted" },
  failed: { shape: "cross", tone: "bad", word: "failed" },
}

/** How far a search has come, in a bar and in words; what could not be read is named. */
export function Progress({ view }: { view: SearchView }) {
  const state = STATES[view.state]
  const share = view.records === 0 ? 1 : view.covered / view.records
  const perSecond = view.runMs > 0 ? (view.scanned * 1000) / view.runMs : null
  return (
    <div>
      <progress className="progress" value={share} max={1} aria-label="Part of the range that was read" />
      <p className="slim" aria-live="polite">
        <Mark look={state}>{state.word}</Mark> · {count(view.covered)} of {count(view.records)} read
        {perSecond !== null && ` · ${rate(perSecond)}`} · {count(view.matched)} found
        {view.leftMs !== null && ` · ${duration(view.leftMs)} left`}
      </p>
      {view.reason && <p className="warn slim">{view.reason}</p>}
      {view.unread.map(({ partition, reason }) => (
        <p key={partition} className="warn slim">
          Partition {partition} was not read: {reason}
        </p>
      ))}
      <p className="quiet help slim">
        {coverage(view)} Started by {view.createdBy}, <Moment at={view.createdAt} />
        {view.masked ? "; what is masked was not searched." : "."}
      </p>
    </div>
  )
}

function coverage(view: SearchView): string {
  if (view.complete) return "All messages were searched."
  const left = view.records - view.covered
  return left > 0 ? `${count(left)} messages left to search.` : "Not every partition could be read."
}
