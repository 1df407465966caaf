import { z } from "zod"
import { slug } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { rowId } from "#server/inputs.ts"

export const failureInput = z.object({ cluster: slug, id: rowId })

/** The failure group, if it is this cluster's. Rejects with `not_found`. */
export async function findFailureGroup(
  ctx: Context,
  input: z.output<typeof failureInput>,
): Promise<{ id: number; clusterId: number; clusterName: string; state: string }> {
  const found = await ctx.store.prisma.failureGroup.findFirst({
    where: { id: input.id, cluster: { slug: input.cluster } },
    select: { id: true, clusterId: true, state: true, cluster: { select: { name: true } } },
  })
  if (!found)
    throw new DomainError("not_found", `There is no failure ${input.id} on the cluster ${input.cluster}.`)
  return { id: found.id, clusterId: found.clusterId, clusterName: found.cluster.name, state: found.state }
}

/** Who acts, as pages name them. */
export function actorName(ctx: Context): string {
  switch (ctx.actor.kind) {
    case "user":
      return ctx.actor.email
    case "token":
      return `token ${ctx.actor.name}`
    case "system":
    case "nobody":
      return ctx.actor.kind
  }
}
