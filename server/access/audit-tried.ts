import { RateLimiterMemory } from "rate-limiter-flexible"
import { z } from "zod"
import type { Context } from "#server/context.ts"
import { isDomainError, messageOf } from "#server/errors.ts"
import { networkOf } from "./address.ts"
import { audit } from "./audit.ts"
import type { AuditedAct } from "./audited-act.ts"
import { authorise, type Permission, type SignedIn } from "./permissions.ts"
import { identityOf } from "./present.ts"

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

/*
  Refused reads and guessed links are written once in a while, or anybody could fill the log: one of a kind a minute, 30 a
  person; guesses once in ten minutes and network, 60 in all. Each process counts for itself.
*/
const kinds = new RateLimiterMemory({ points: 1, duration: 60 })
const people = new RateLimiterMemory({ points: 30, duration: 60 })
const networks = new RateLimiterMemory({ points: 1, duration: 600 })
const guesses = new RateLimiterMemory({ points: 60, duration: 600 })

/** Lets somebody read, as `authorise`; that they were refused is written down. */
export async function authoriseRead(
  ctx: Context,
  permission: Permission,
  asked: { cluster?: string | undefined; input?: unknown } = {},
): Promise<SignedIn> {
  const { cluster, input = { cluster } } = asked
  try {
    return authorise(ctx.actor, permission, cluster)
  } catch (error) {
    if (isDomainError(error) && error.code === "forbidden") {
      const who = identityOf(ctx.actor)
      if (await both([kinds, `${who}|${permission}|${cluster}`], [people, who]))
        await auditTry(ctx, { action: permission, input, refused: error.message })
    }
    throw error
  }
}

/** Writes down that somebody who is not signed in tried a link that is not valid. */
export async function auditGuess(ctx: Context, action: string, refused: string): Promise<void> {
  if (await both([networks, networkOf(ctx.from ?? "")], [guesses, "all"]))
    await auditTry(ctx, { action, input: {}, refused })
}

type Counted = readonly [limit: RateLimiterMemory, key: string]

async function both(...counted: readonly Counted[]): Promise<boolean> {
  for (const [limit, key] of counted)
    if (
      !(await limit.consume(key).then(
        () => true,
        () => false,
      ))
    )
      return false
  return true
}

function targetOf(fields: Record<string, unknown>): string {
  const found = NAMES.map((name) => fields[name]).filter((value) => typeof value === "string" && value !== "")
  return found.join("/").slice(0, 500)
}
