"use client"

import { useQuery } from "@tanstack/react-query"
import { useQueryStates } from "nuqs"
import { useTRPC } from "#app/trpc/client.tsx"
import { moment } from "#app/ui/format.ts"
import { Select } from "#app/ui/select.tsx"
import { resetParams } from "./search-params.ts"

/** Chooses one of the snapshots that were kept before resets. */
export function Snapshots(props: { cluster: string; group: string }) {
  const trpc = useTRPC()
  const [{ snapshot }, set] = useQueryStates(resetParams)
  const resets = useQuery(trpc.offsets.resets.queryOptions({ cluster: props.cluster, group: props.group }))
  const kept = (resets.data ?? []).filter((one) => one.snapshot !== null)
  if (kept.length === 0)
    return <span className="quiet">There is none yet: one is kept before every reset that is applied.</span>
  return (
    <Select
      label="Snapshot"
      value={snapshot ?? ""}
      options={[
        { value: "", label: "choose" },
        ...kept.map((one) => ({
          value: one.snapshot ?? "",
          label: `${moment(one.appliedAt ?? one.createdAt)}, before: ${one.what}`,
        })),
      ]}
      onChange={(chosen) => void set({ snapshot: chosen || null })}
    />
  )
}

/** Positions from a file, or pasted. */
export function PositionsFile(props: {
  csv: string
  setCsv: (text: string) => void
  problem: string | null
}) {
  return (
    <span className="stack file-field">
      <input
        type="file"
        className="field"
        accept=".csv,text/csv,text/plain"
        aria-label="CSV file"
        onChange={(event) => void event.target.files?.[0]?.text().then(props.setCsv)}
      />
      <textarea
        className="field mono"
        rows={4}
        aria-label="Positions"
        aria-invalid={props.problem !== null || undefined}
        placeholder="topic,partition,offset"
        value={props.csv}
        onChange={(event) => props.setCsv(event.target.value)}
      />
    </span>
  )
}
