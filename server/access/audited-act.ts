import type { Prisma } from "#server/store/prisma/client.ts"

/** One entry of the audit log, before it has an actor and a time. */
export interface AuditedAct {
  /** The verb, as the table of permissions names it where it can: cluster.remove. */
  action: string
  target: string
  /** Slug; null on purpose: it touches none, so that only administrators of all clusters see it. */
  cluster: string | null
  before?: Prisma.InputJsonValue
  after?: Prisma.InputJsonValue
  result: "ok" | "refused" | "failed"
  /** Why it was refused or failed, as the person was told. */
  reason?: string
}
