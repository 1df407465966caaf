"use client"

import type MiniSearch from "minisearch"
import { useEffect, useState } from "react"
import { withBasePath } from "#app/base-path.ts"
import type { DocSection } from "#server/docs/index.ts"

export interface Docs {
  sections: readonly DocSection[]
  find: (q: string) => DocSection[]
}

const MAX_FOUND = 12

let loading: Promise<Docs> | null = null

/** The documentation and its index: fetched when it is first asked for. */
function loadDocs(): Promise<Docs> {
  loading ??= fetchDocs().catch((error: unknown) => {
    loading = null
    throw error
  })
  return loading
}

async function fetchDocs(): Promise<Docs> {
  const [{ default: Index }, response] = await Promise.all([
    import("minisearch"),
    fetch(withBasePath("/docs.json")),
  ])
  const sections: DocSection[] = await response.json()
  const index: MiniSearch<DocSection> = new Index<DocSection>({
    fields: ["heading", "page", "text"],
    searchOptions: { boost: { heading: 3, page: 2 }, prefix: true, fuzzy: 0.15, combineWith: "AND" },
  })
  index.addAll(sections)
  const byId = new Map(sections.map((one) => [one.id, one]))
  const find = (q: string) =>
    index
      .search(q)
      .slice(0, MAX_FOUND)
      .flatMap(({ id }) => byId.get(String(id)) ?? [])
  return { sections, find }
}

/** The documentation; null until it is here, or where it could not be fetched. */
export function useDocs(): { docs: Docs | null; failed: boolean } {
  const [docs, setDocs] = useState<Docs | null>(null)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    loadDocs().then(setDocs, () => setFailed(true))
  }, [])
  return { docs, failed }
}
