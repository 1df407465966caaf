"use client"

import { useQuery } from "@tanstack/react-query"
import type { SystemWords } from "#server/brokers/system.ts"
import { useTRPC } from "../trpc/client.tsx"

const NEUTRAL: SystemWords = {
  destination: { one: "destination", many: "destinations" },
  group: { one: "consumer group", many: "consumer groups" },
  node: { one: "node", many: "nodes" },
  health: {
    ok: { word: "ok", why: "Every copy is in sync.", advice: null },
    degraded: { word: "degraded", why: "A copy is not in sync.", advice: null },
    refusing: { word: "refusing", why: "Too few copies are in sync: some writes are refused.", advice: null },
    offline: { word: "offline", why: "A part of it can be neither read nor written.", advice: null },
  },
  allWell: "No problems found.",
  advice: {},
  settings: { first: [], choices: {} },
}

/** The system's own words for what the code calls by the neutral one. */
export function useSystems(): (system: string) => SystemWords {
  const trpc = useTRPC()
  const { data } = useQuery({ ...trpc.clusters.systems.queryOptions(), staleTime: Number.POSITIVE_INFINITY })
  return (system) => data?.find((one) => one.id === system)?.words ?? NEUTRAL
}

/** How a system's users write its name: Kafka. */
export function useSystemNames(): (system: string) => string {
  const trpc = useTRPC()
  const { data } = useQuery({ ...trpc.clusters.systems.queryOptions(), staleTime: Number.POSITIVE_INFINITY })
  return (system) => data?.find((one) => one.id === system)?.name ?? system
}

export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
