import { z } from "zod"
import { clusterNotFound } from "#server/errors.ts"
import type { Prisma } from "#server/store/prisma/client.ts"

const role = z.enum(["viewer", "operator", "admin"])

/** A role for everything, roles by the slug of a cluster, or both. */
export const grantsInput = z.object({
  role: role.nullable(),
  clusters: z.record(z.string().min(1).max(100), role).default({}),
})

export type GrantsInput = z.output<typeof grantsInput>

export interface GrantRow {
  clusterId: number
  role: string
}

/** The roles by cluster as rows. Rejects with `not_found` for a cluster that is not there. */
export async function grantRows(
  tx: Prisma.TransactionClient,
  clusters: GrantsInput["clusters"],
): Promise<GrantRow[]> {
  const slugs = Object.keys(clusters)
  const found = await tx.cluster.findMany({
    where: { slug: { in: slugs } },
    select: { id: true, slug: true },
  })
  const missing = slugs.filter((slug) => !found.some((one) => one.slug === slug))
  if (missing.length > 0) throw clusterNotFound(missing.join(", "))
  return found.flatMap(({ id, slug }) => {
    const given = clusters[slug]
    return given ? [{ clusterId: id, role: given }] : []
  })
}

/** Roles by cluster as they are told and audited. */
export function clustersOf(grants: { role: string; cluster: { slug: string } }[]): Record<string, string> {
  return Object.fromEntries(grants.map(({ role: held, cluster }) => [cluster.slug, held]))
}

export const SELECT_GRANTS = { select: { role: true, cluster: { select: { slug: true } } } } as const
