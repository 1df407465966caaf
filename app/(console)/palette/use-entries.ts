"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import { useDebounced } from "#app/ui/debounced.ts"
import { plural } from "#app/ui/format.ts"
import { shownName } from "#app/ui/name.ts"
import type { Hit } from "#server/clusters/index.ts"
import { useClusterFilter } from "../cluster-filter.tsx"
import { useDocs } from "../docs.ts"
import { clusterPath, failurePath, groupPath, rulePath, topicPath, tracePath } from "../paths.ts"
import { useSystems } from "../systems.ts"
import { actsOn, readQuery } from "./acts.ts"
import { type Entry, generalActsFor, pagesFor } from "./entries.ts"
import { recentPages } from "./recent.ts"

export interface Group {
  label: string
  entries: Entry[]
}

const TYPED_MS = 120
const MAX_DOCS = 4
const MAX_RULES = 5
const MAX_FAILURES = 5

/** What the search finds, in groups; before something is typed, what was looked at last, and the pages. */
export function useEntries(
  q: string,
  openDoc: (section: string) => void,
): { groups: Group[]; asked: boolean } {
  const typed = q.trim()
  const { verbs, object } = readQuery(typed)
  const hits = useHits(object)
  const failures = useFailures(object)
  const rules = useRules(object)
  const { docs } = useDocs()
  const recent = useMemo(recentPages, [])
  if (typed === "") {
    const last = recent.map(({ path, title }) => ({ id: path, label: title, go: { path } }))
    return {
      groups: filled([
        { label: "Recent", entries: last },
        { label: "Pages", entries: pagesFor("") },
      ]),
      asked: true,
    }
  }
  const acts = (hits.data ?? []).flatMap((hit) =>
    actsOn(hit, verbs).map(({ label, path }) => ({
      id: path,
      label,
      note: `on ${hit.clusterName}`,
      go: { path },
    })),
  )
  const found = (docs?.find(typed) ?? []).slice(0, MAX_DOCS).map((one) => ({
    id: one.id,
    label: one.heading,
    ...(one.page === one.heading ? {} : { note: one.page }),
    go: { run: () => openDoc(one.id) },
  }))
  return {
    groups: filled([
      { label: "Actions", entries: [...acts, ...generalActsFor(typed)] },
      { label: "Traces", entries: tracesFor(typed) },
      { label: "Found", entries: hits.entries },
      { label: "Failures", entries: failures },
      { label: "Alert rules", entries: rules },
      { label: "Pages", entries: pagesFor(typed) },
      { label: "Documentation", entries: found },
    ]),
    asked: hits.asked,
  }
}

function filled(groups: Group[]): Group[] {
  return groups.filter(({ entries }) => entries.length > 0)
}

function useHits(object: string): { data: Hit[] | undefined; entries: Entry[]; asked: boolean } {
  const trpc = useTRPC()
  const words = useSystems()
  const clusters = useClusterFilter()
  const found = useQuery({
    ...trpc.search.find.queryOptions({ q: object || "?", clusters }),
    enabled: object !== "",
    placeholderData: keepPreviousData,
  })
  const data = object === "" ? [] : found.data
  const entries = (data ?? []).map((hit) => ({
    id: pathOf(hit),
    label: shownName(hit.name),
    note: hit.kind === "cluster" ? "cluster" : `${words(hit.system)[hit.kind].one} on ${hit.clusterName}`,
    go: { path: pathOf(hit) },
  }))
  return { data, entries, asked: !found.isFetching }
}

function useFailures(object: string): Entry[] {
  const search = useDebounced(object, TYPED_MS)
  const { data } = useQuery({
    ...useTRPC().failures.list.queryOptions({
      search,
      state: "all",
      sort: "latest",
      page: 1,
      pageSize: MAX_FAILURES,
    }),
    enabled: search !== "",
    placeholderData: keepPreviousData,
  })
  if (object === "") return []
  return (data?.rows ?? []).map((one) => ({
    id: failurePath(one.cluster, one.id),
    label: `${one.consumerGroup ?? one.destination}: ${one.type ?? "unknown error"}`,
    note: `${plural(one.messages, "message", "messages")}, ${one.state}`,
    go: { path: failurePath(one.cluster, one.id) },
  }))
}

function useRules(object: string): Entry[] {
  const { data } = useQuery({ ...useTRPC().alerts.rules.queryOptions(), enabled: object !== "" })
  if (object === "") return []
  return (data?.rules ?? [])
    .filter(({ rule }) => rule.name.toLowerCase().includes(object.toLowerCase()))
    .slice(0, MAX_RULES)
    .map(({ id, rule }) => ({ id: rulePath(id), label: rule.name, go: { path: rulePath(id) } }))
}

/** A trace is found by its whole id. */
function tracesFor(q: string): Entry[] {
  if (!/^[0-9a-f]{32}$/i.test(q)) return []
  const id = q.toLowerCase()
  return [{ id: tracePath(id), label: `Trace ${id}`, go: { path: tracePath(id) } }]
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
