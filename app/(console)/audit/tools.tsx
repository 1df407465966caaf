"use client"

import { useQuery } from "@tanstack/react-query"
import { useQueryStates } from "nuqs"
import { useMe } from "#app/access/me.tsx"
import { withBasePath } from "#app/base-path.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { plural } from "#app/ui/format.ts"
import { Search } from "#app/ui/search.tsx"
import { Select } from "#app/ui/select.tsx"
import { clustersWith } from "#server/access/permissions.ts"
import { RESULT_WORDS } from "./result.tsx"
import { auditParams, RESULTS } from "./search-params.ts"

export interface Filter {
  who: string
  what: string
  cluster: string
  result: string[]
  from: number
  to?: number
}

/** The filters, and the way to take what they leave along as a file. */
export function Tools(props: { filter: Filter; total: number | null }) {
  const [state, set] = useQueryStates(auditParams, { history: "push" })
  return (
    <div className="row tools">
      <Search label="Who" value={state.who} onChange={(who) => void set({ who, page: null })} />
      <Search label="What" value={state.what} onChange={(what) => void set({ what, page: null })} />
      <ClusterFilter value={state.cluster} onChange={(cluster) => void set({ cluster, page: null })} />
      <Select
        label="Result"
        value={state.result}
        options={[
          { value: "", label: "any result" },
          ...RESULTS.map((value) => ({ value, label: RESULT_WORDS[value] })),
        ]}
        onChange={(result) => void set({ result, page: null })}
      />
      <span className="grow" />
      <span className="quiet">{props.total !== null && plural(props.total, "entry", "entries")}</span>
      <a className="field" href={exportPath("csv", props.filter)} download>
        CSV
      </a>
      <a className="field" href={exportPath("jsonl", props.filter)} download>
        JSON Lines
      </a>
    </div>
  )
}

function ClusterFilter(props: { value: string; onChange: (value: string) => void }) {
  const trpc = useTRPC()
  const clusters = useQuery(trpc.clusters.list.queryOptions())
  const administered = clustersWith(useMe(), "admin")
  const mine = ({ slug }: { slug: string }) => administered === "all" || administered.includes(slug)
  const known = (clusters.data ?? []).filter(mine)
  return (
    <Select
      label="Cluster"
      value={props.value}
      options={[
        { value: "", label: administered === "all" ? "any cluster" : "your clusters" },
        // One that was removed still has its entries.
        ...(props.value !== "" && !known.some(({ slug }) => slug === props.value)
          ? [{ value: props.value, label: props.value }]
          : []),
        ...known.map(({ slug, name }) => ({ value: slug, label: name })),
      ]}
      onChange={props.onChange}
    />
  )
}

function exportPath(format: "csv" | "jsonl", filter: Filter): string {
  const { result, from, to, ...rest } = filter
  const query = new URLSearchParams({ format, ...rest, result: result.join(), from: String(from) })
  if (to !== undefined) query.set("to", String(to))
  return withBasePath(`/api/audit?${query}`)
}
