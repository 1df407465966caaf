import type { Prisma } from "#server/store/prisma/client.ts"

/** One entry of the audit log, before it has an actor and a time. */
export interface AuditedAct {
  /** The verb, as the table of permissions names it where it can: cluster.remove. */
  action: string
  target: string
  /** Slug, where the act touches one cluster. */
  cluster?: string | undefined
  before?: Prisma.InputJsonValue
  after?: Prisma.InputJsonValue
  result: "ok" | "refused" | "failed"
  /** Why it was refused or failed, as the person was told. */
  reason?: string
}
