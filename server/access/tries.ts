import { z } from "zod"
import type { Context } from "#server/context.ts"
import { messageOf } from "#server/errors.ts"
import { audit } from "./audit.ts"
import type { AuditedAct } from "./audited-act.ts"

/** What names the target of an act in an input. Never a field that may hold a secret. */
const NAMES = ["cluster", "destination", "group", "name", "email", "id"] as const
const named = z.record(z.string(), z.unknown())

export interface Try {
  /** The verb in the log. */
  action: string
  input: unknown
  /** Why it was not done; absent: it was. */
  refused?: string
  failed?: string
}

/**
 * Completes the audit log after an act that was tried: with what was refused or failed, and with what was done by a verb
 * that wrote no entry of its own. A log that cannot be written is told to the process's log: the act is over by then.
 */
export async function auditTry(ctx: Context, tried: Try): Promise<void> {
  const done = tried.refused === undefined && tried.failed === undefined
  const written = ctx.audited ?? []
  if (written.some(({ result }) => done || result !== "ok")) return
  const fields = named.safeParse(tried.input).data ?? {}
  const act: AuditedAct = {
    action: tried.action,
    target: targetOf(fields),
    cluster: typeof fields.cluster === "string" ? fields.cluster.slice(0, 200) : null,
    result: done ? "ok" : tried.refused === undefined ? "failed" : "refused",
  }
  const reason = tried.refused ?? tried.failed
  if (reason !== undefined) act.reason = reason
  await audit(ctx.store.prisma, ctx, act).catch((error: unknown) => {
    ctx.log.error(
      { err: error, act: { ...act, why: messageOf(error) } },
      "an act could not be written to the audit log",
    )
  })
}

function targetOf(fields: Record<string, unknown>): string {
  const found = NAMES.map((name) => fields[name]).filter((value) => typeof value === "string" && value !== "")
  return found.join("/").slice(0, 500)
}
