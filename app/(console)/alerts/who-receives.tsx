"use client"

import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { useDebounced } from "#app/ui/debounced.ts"
import { TextField } from "#app/ui/form-field.tsx"
import { duration } from "#app/ui/format.ts"
import { Empty, Query } from "#app/ui/states.tsx"
import { parseMatchers } from "#server/alerts/matcher-text.ts"

type Received = RouterOutputs["alerts"]["whoReceives"]

/** Labels of an alert in, its routes out. */
export function WhoReceives() {
  const trpc = useTRPC()
  const [text, setText] = useState("severity=critical")
  const labels = labelsOf(text)
  const settled = useDebounced(text, 300)
  const received = useQuery(trpc.alerts.whoReceives.queryOptions({ labels: labelsOf(settled) ?? {} }))
  return (
    <section className="panel" aria-label="Who would be notified?">
      <h2>Who would be notified?</h2>
      <TextField
        label="Labels of an alert"
        hint="severity=critical cluster=prod group=billing"
        mono
        value={text}
        onChange={setText}
        problem={labels === null ? "Write labels like cluster=prod group=billing." : null}
      />
      <div aria-live="polite">
        <Query of={received}>{(found) => <Answer found={found} />}</Query>
      </div>
    </section>
  )
}

function Answer({ found }: { found: Received }) {
  const { routes, silencedBy, explainedBy } = found
  return (
    <>
      {silencedBy !== null && (
        <p className="warn">
          Nobody now: the silence <span className="mono">{silencedBy}</span> mutes it.
        </p>
      )}
      {explainedBy !== null && <p className="warn">Nobody now: it is explained by “{explainedBy}”.</p>}
      {routes.length === 0 && <Empty>No route takes this alert: nobody would be notified.</Empty>}
      <ul>
        {routes.map(({ id, name, channels, groupBy, escalation }) => (
          <li key={id}>
            <b>{name}</b>: {channels.length === 0 ? "no channel" : channels.join(", ")}
            {groupBy.length > 0 && <span className="quiet">, together by {groupBy.join(", ")}</span>}
            {escalation && (
              <span className="quiet">
                ; after {duration(escalation.afterMs)} without an acknowledgement also{" "}
                {escalation.channels.join(", ") || "no channel"}
              </span>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

function labelsOf(text: string): Record<string, string> | null {
  const matchers = parseMatchers(text)
  if (!matchers?.every((one) => one.op === "=")) return null
  return Object.fromEntries(matchers.map(({ label, value }) => [label, value]))
}
