import type { Logger } from "#server/log.ts"
import type { Store } from "#server/store/index.ts"
import { audit } from "./audit.ts"
import { clustersOf, SELECT_GRANTS } from "./grants.ts"
import { signingIn } from "./signing-in.ts"

/** Gives a person the roles of this sign-in's groups, and says in the audit log what changed. */
export async function applyGroups(store: Store, log: Logger, userId: string): Promise<void> {
  const { grants: wanted, from = null } = signingIn() ?? {}
  if (!wanted) return
  await store.prisma.$transaction(async (tx) => {
    const user = await tx.user.findUniqueOrThrow({
      where: { id: userId },
      select: { email: true, role: true, grants: SELECT_GRANTS },
    })
    const slugs = Object.keys(wanted.clusters)
    const known = await tx.cluster.findMany({
      where: { slug: { in: slugs } },
      select: { id: true, slug: true },
    })
    const rows = known.flatMap(({ id, slug }) => {
      const role = wanted.clusters[slug]
      return role ? [{ clusterId: id, slug, role }] : []
    })
    const missing = slugs.filter((slug) => !known.some((one) => one.slug === slug))
    if (missing.length > 0)
      log.warn({ clusters: missing }, "groups are mapped to clusters that are not connected")
    const before = { role: user.role, clusters: clustersOf(user.grants) }
    const after = {
      role: wanted.role,
      clusters: Object.fromEntries(rows.map(({ slug, role }) => [slug, role])),
    }
    if (sorted(before) === sorted(after)) return
    const grants = { deleteMany: {}, create: rows.map(({ clusterId, role }) => ({ clusterId, role })) }
    await tx.user.update({ where: { id: userId }, data: { role: wanted.role, grants } })
    await audit(
      tx,
      { actor: { kind: "system" }, from },
      { action: "user.map", cluster: null, target: user.email, before, after, result: "ok" },
    )
  })
}

function sorted({ role, clusters }: { role: string | null; clusters: Record<string, string> }): string {
  return JSON.stringify([role, Object.entries(clusters).sort(([a], [b]) => a.localeCompare(b))])
}
