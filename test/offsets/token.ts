import { createToken, ensureUser } from "#server/access/index.ts"
import type { Role } from "#server/actor.ts"
import type { Web } from "#server/web.ts"
import { unique } from "#test/brokers/kafka-world.ts"

/** An API token of a person with this role. */
export async function apiToken(own: Web, role: Role): Promise<string> {
  const email = `${unique(role)}@example.org`
  await ensureUser(own.store, { name: role, email, password: "a long enough one", role })
  const { id } = await own.store.prisma.user.findUniqueOrThrow({ where: { email }, select: { id: true } })
  const { store, vault, connections, log } = own
  const actor = { kind: "user", id, email, session: "test", role, clusters: {} } as const
  const ctx = { store, vault, connections, log, actor, now: Date.now }
  const { token } = await createToken(ctx, { name: unique("runbook"), role, clusters: {}, days: 1 })
  return token
}
