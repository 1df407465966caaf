"use client"

import { useQuery } from "@tanstack/react-query"
import { useQueryStates } from "nuqs"
import { useMe } from "#app/access/me.tsx"
import { withBasePath } from "#app/base-path.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { plural } from "#app/ui/format.ts"
import { Search } from "#app/ui/search.tsx"
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
      <select
        className="field"
        aria-label="Result"
        value={state.result}
        onChange={(event) => void set({ result: event.target.value as typeof state.result, page: null })}
      >
        <option value="">any result</option>
        {RESULTS.map((result) => (
          <option key={result} value={result}>
            {RESULT_WORDS[result]}
          </option>
        ))}
      </select>
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
    <select
      className="field"
      aria-label="Cluster"
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
    >
      <option value="">{administered === "all" ? "any cluster" : "your clusters"}</option>
      {/* One that was removed still has its entries. */}
      {props.value !== "" && !known.some(({ slug }) => slug === props.value) && (
        <option value={props.value}>{props.value}</option>
      )}
      {known.map(({ slug, name }) => (
        <option key={slug} value={slug}>
          {name}
        </option>
      ))}
    </select>
  )
}

function exportPath(format: "csv" | "jsonl", filter: Filter): string {
  const { result, from, to, ...rest } = filter
  const query = new URLSearchParams({ format, ...rest, result: result.join(), from: String(from) })
  if (to !== undefined) query.set("to", String(to))
  return withBasePath(`/api/audit?${query}`)
}
