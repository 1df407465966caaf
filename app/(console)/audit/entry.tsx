"use client"

import { useQuery } from "@tanstack/react-query"
import { useQueryStates } from "nuqs"
import { useTRPC } from "#app/trpc/client.tsx"
import { Moment } from "#app/ui/moment.tsx"
import { Query } from "#app/ui/states.tsx"
import type { AuditDetail } from "#server/access/index.ts"
import { changesOf } from "./changes.ts"
import { Result } from "./result.tsx"
import { auditParams } from "./search-params.ts"

/** One act in full: what was before and after, field by field. */
export function Entry({ id }: { id: string }) {
  const trpc = useTRPC()
  const [, set] = useQueryStates(auditParams, { history: "push" })
  const entry = useQuery(trpc.audit.get.queryOptions({ id }))
  return (
    <section className="panel" aria-label="Entry">
      <div className="row">
        <h2 className="grow">{entry.data ? `${entry.data.action} ${entry.data.target}` : `Entry ${id}`}</h2>
        <button type="button" className="field" onClick={() => void set({ entry: null })}>
          Close
        </button>
      </div>
      <Query of={entry}>{(detail) => <Detail detail={detail} />}</Query>
    </section>
  )
}

function Detail({ detail }: { detail: AuditDetail }) {
  const changes = changesOf(detail.before, detail.after)
  return (
    <>
      <p>
        {detail.actor}, <Moment at={detail.at} />, from{" "}
        <span className="mono">{detail.from ?? "inside"}</span>:{" "}
        <Result result={detail.result} reason={detail.reason} />
      </p>
      {detail.result === "begun" && (
        <p>
          The act was begun, and its result is not written. Either it is still running, or Signalbox or its
          database went away in the middle. Look at the target itself to see whether it was done.
        </p>
      )}
      {changes.length === 0 ? (
        <p className="quiet">No further details.</p>
      ) : (
        <table className="grid" aria-label="Before and after">
          <thead>
            <tr>
              <th>Field</th>
              <th>Before</th>
              <th>After</th>
            </tr>
          </thead>
          <tbody>
            {changes.map((change) => (
              <tr key={change.path}>
                <td className="mono">{change.path}</td>
                <td className={`mono wrap ${change.changed ? "bad" : ""}`}>{change.before ?? "–"}</td>
                <td className={`mono wrap ${change.changed ? "good" : ""}`}>{change.after ?? "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}
