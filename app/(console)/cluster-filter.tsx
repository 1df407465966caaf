"use client"

import { useQuery } from "@tanstack/react-query"
import { useQueryState } from "nuqs"
import { useTRPC } from "../trpc/client.tsx"
import { Popover } from "../ui/popover.tsx"
import { clustersParam } from "./group-params.ts"

/** Slugs of the clusters that the page is about; none: all of them. */
export function useClusterFilter(): string[] {
  return useQueryState("clusters", clustersParam)[0]
}

/** Which clusters the pages of all clusters show; kept in the address. */
export function ClusterFilter() {
  const trpc = useTRPC()
  const { data = [] } = useQuery(trpc.clusters.names.queryOptions())
  const [state, set] = useQueryState("clusters", clustersParam.withOptions({ history: "push" }))
  if (data.length < 2 && state.length === 0) return null
  const chosen = data.filter((one) => state.includes(one.slug))
  const toggle = (slug: string, on: boolean) => {
    const rest = state.filter((one) => one !== slug)
    void set(on ? [...rest, slug] : rest.length > 0 ? rest : null)
  }
  return (
    <Popover summary={wordsFor(chosen, state.length)} label="Clusters" named>
      <fieldset className="plain stack">
        <legend className="unseen">Clusters</legend>
        {data.map(({ slug, name }) => (
          <label key={slug} className="row check">
            <input
              type="checkbox"
              checked={state.includes(slug)}
              onChange={(event) => toggle(slug, event.target.checked)}
            />
            {name}
          </label>
        ))}
      </fieldset>
      <button type="button" className="field" disabled={state.length === 0} onClick={() => void set(null)}>
        All clusters
      </button>
    </Popover>
  )
}

function wordsFor(chosen: { name: string }[], asked: number): string {
  if (asked === 0) return "Clusters: all"
  const [only] = chosen
  return chosen.length === 1 && only ? only.name : `${chosen.length} clusters`
}
