import { z } from "zod"
import type { Problem } from "#server/brokers/broker.ts"
import type { Context } from "#server/context.ts"
import { clusterNotFound } from "#server/errors.ts"
import { pageNumber, text } from "#server/inputs.ts"
import { readState, type StoredNode } from "./stored-state.ts"
import type { Finding, Freshness } from "./views.ts"

export const slug = text(100).min(1)

/** What a cluster is for, as people say it: dev, staging, production or any other word; null: nobody says; absent: as it was. */
export const environment = text(60)
  .trim()
  .transform((word) => (word === "" ? null : word))
  .nullish()

export const paging = {
  page: pageNumber.default(1),
  pageSize: z.number().int().min(1).max(200).default(50),
}

export interface ClusterRow {
  id: number
  slug: string
  name: string
  system: string
  source: "file" | "page"
  environment: string | null
  intervalMs: number
  sampledAt: number | null
  describedAt: number | null
  error: string | null
  problems: Problem[]
  findings: Finding[]
  version: string | null
  brokerUid: string | null
  nodes: StoredNode[] | null
  leaders: { node: number; leaders: number; replicas: number }[]
  produceRate: number | null
  produceRatePartial: boolean
  consumeRate: number | null
  consumeRatePartial: boolean
  sweep: { ms: number; requests: number; bytesIn: number } | null
}

const SELECT = {
  id: true,
  slug: true,
  name: true,
  system: true,
  source: true,
  environment: true,
  intervalMs: true,
  state: true,
} as const

/** The clusters with their state; all, or those of these slugs. */
export async function readClusters(ctx: Context, slugs?: readonly string[]): Promise<ClusterRow[]> {
  const rows = await ctx.store.prisma.cluster.findMany({
    ...(slugs ? { where: { slug: { in: [...slugs] } } } : {}),
    select: SELECT,
    orderBy: { name: "asc" },
  })
  return rows.map(({ state, ...row }) => {
    const read = readState(state)
    return {
      ...row,
      source: row.source === "file" ? "file" : "page",
      sampledAt: state?.sampledAt?.getTime() ?? null,
      describedAt: state?.describedAt?.getTime() ?? null,
      error: state?.error ?? null,
      problems: distinct(read.problems),
      findings: read.findings,
      version: state?.version ?? null,
      brokerUid: state?.brokerUid ?? null,
      nodes: read.nodes?.nodes ?? null,
      leaders: read.nodes?.leaders ?? [],
      produceRate: state?.produceRate ?? null,
      produceRatePartial: state?.produceRatePartial ?? false,
      consumeRate: state?.consumeRate ?? null,
      consumeRatePartial: state?.consumeRatePartial ?? false,
      sweep:
        state?.sweepMs === null || state?.sweepMs === undefined
          ? null
          : {
              ms: state.sweepMs,
              requests: state.sweepRequests ?? 0,
              bytesIn: Number(state.sweepBytesIn ?? 0),
            },
    }
  })
}

/** One cluster. Rejects with `not_found`. */
export async function readCluster(ctx: Context, name: string): Promise<ClusterRow> {
  const [row] = await readClusters(ctx, [name])
  if (!row) throw clusterNotFound(name)
  return row
}

export function freshnessOf(row: ClusterRow): Freshness {
  const { sampledAt, describedAt, intervalMs, error, problems } = row
  return { sampledAt, describedAt, intervalMs, error, problems }
}

function distinct(problems: Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()]
}
