"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { type KeyboardEvent, useState } from "react"
import { Dialog } from "#app/ui/dialog.tsx"
import { shownName } from "#app/ui/name.ts"
import type { Hit } from "#server/clusters/index.ts"
import { useTRPC } from "../trpc/client.tsx"
import { useClusterFilter } from "./cluster-filter.tsx"
import { clusterPath, groupPath, topicPath } from "./paths.ts"
import { useSystems } from "./systems.ts"

/** Finds clusters, topics and groups by name. */
export default function Palette(props: { close: () => void }) {
  const router = useRouter()
  const trpc = useTRPC()
  const words = useSystems()
  const clusters = useClusterFilter()
  const [q, setQ] = useState("")
  const [chosen, setChosen] = useState(0)
  const found = useQuery({
    ...trpc.search.find.queryOptions({ q: q.trim() || "?", clusters }),
    enabled: q.trim() !== "",
    placeholderData: keepPreviousData,
  })
  const hits = q.trim() === "" ? [] : (found.data ?? [])
  const open = (hit: Hit | undefined) => {
    if (!hit) return
    props.close()
    router.push(pathOf(hit))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setChosen(Math.min(chosen + 1, hits.length - 1))
    else if (event.key === "ArrowUp") setChosen(Math.max(chosen - 1, 0))
    else if (event.key === "Enter") open(hits[chosen])
    else return
    event.preventDefault()
  }
  return (
    <Dialog title="Search" untitled className="palette" onClose={props.close}>
      <input
        className="field"
        placeholder="Cluster, topic or group"
        aria-label="Search for"
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls="hits"
        aria-activedescendant={hits.length > 0 ? `hit-${chosen}` : undefined}
        value={q}
        onChange={(event) => {
          setQ(event.target.value)
          setChosen(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div role="listbox" id="hits" aria-label="Found">
        {hits.map((hit, i) => (
          <div
            key={`${hit.kind} ${hit.cluster} ${hit.name}`}
            id={`hit-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === chosen}
            className="place"
            aria-current={i === chosen ? "page" : undefined}
            onClick={() => open(hit)}
            onKeyDown={onKeyDown}
          >
            <span className="grow">{shownName(hit.name)}</span>
            <span className="quiet">
              {hit.kind === "cluster"
                ? "cluster"
                : `${words(hit.system)[hit.kind].one} on ${hit.clusterName}`}
            </span>
          </div>
        ))}
      </div>
      {q.trim() !== "" && found.data?.length === 0 && <p className="quiet">No results for “{q}”.</p>}
    </Dialog>
  )
}

function pathOf(hit: Hit): string {
  switch (hit.kind) {
    case "cluster":
      return clusterPath(hit.cluster)
    case "destination":
      return topicPath(hit.cluster, hit.name)
    case "group":
      return groupPath(hit.cluster, hit.name)
  }
}
