"use client"

import type { RouterOutputs } from "#app/trpc/types.ts"
import { Moment } from "#app/ui/moment.tsx"

/** All that happened to an alert, in order of time. */
export function Happened({ alert }: { alert: RouterOutputs["alerts"]["get"] }) {
  const silenced = alert.parts.filter(({ state }) => state === "silenced")
  return (
    <ol className="happened" aria-label="What happened">
      <li>
        <Moment at={alert.startedAt} className="quiet" /> <span>the condition began to hold</span>
      </li>
      {alert.events.map(({ at, kind, by, note }) => (
        <li key={`${at} ${kind}`}>
          <Moment at={at} className="quiet" />{" "}
          <span className="wrap">
            {kind}
            {by !== null && ` by ${by}`}
            {note !== null && `: ${note}`}
          </span>
        </li>
      ))}
      {silenced.map(({ from, to }) => (
        <li key={from}>
          <Moment at={from} className="quiet" />{" "}
          <span>
            silenced{" "}
            {to === null ? (
              "until now"
            ) : (
              <>
                until <Moment at={to} />
              </>
            )}
          </span>
        </li>
      ))}
    </ol>
  )
}
