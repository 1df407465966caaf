import { initTRPC, TRPCError } from "@trpc/server"
import { requireRole } from "../access/index.ts"
import type { Context, Role } from "../context.ts"
import { DomainError, type ErrorCode, isDomainError } from "../errors.ts"
import { toStoreError } from "../store/index.ts"
import type { Web } from "../web.ts"

export interface TrpcContext extends Context {
  web: Web
}

const CODES = {
  bad_input: "BAD_REQUEST",
  not_signed_in: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  not_found: "NOT_FOUND",
  conflict: "CONFLICT",
  unsupported: "NOT_IMPLEMENTED",
  unreachable: "BAD_GATEWAY",
  refused_by_broker: "PRECONDITION_FAILED",
  timeout: "TIMEOUT",
  store_unavailable: "SERVICE_UNAVAILABLE",
  internal: "INTERNAL_SERVER_ERROR",
} satisfies Record<ErrorCode, TRPCError["code"]>

const t = initTRPC.context<TrpcContext>().create({
  sse: { ping: { enabled: true, intervalMs: 5000 }, client: { reconnectAfterInactivityMs: 15_000 } },
  errorFormatter: ({ shape }) => ({ ...shape, data: { code: shape.data.code, path: shape.data.path } }),
})

export const router = t.router
export const createCallerFactory = t.createCallerFactory

/** Our errors become tRPC's, once; what is not ours is told in the log only. */
const errors = t.middleware(async ({ next, ctx, path }) => {
  const result = await next()
  if (result.ok) return result
  const cause = toStoreError(result.error.cause ?? result.error)
  if (isDomainError(cause)) {
    if (cause.code === "internal" || cause.code === "store_unavailable")
      ctx.log.warn({ err: cause, path }, "procedure failed")
    throw new TRPCError({ code: CODES[cause.code], message: cause.message, cause })
  }
  if (result.error.code !== "INTERNAL_SERVER_ERROR") return result
  ctx.log.error({ err: result.error, path }, "procedure failed")
  throw new TRPCError({
    code: "INTERNAL_SERVER_ERROR",
    message: "Something failed inside Signalbox; its log has the cause.",
  })
})

const needs = (role: Role) =>
  t.procedure
    .use(errors)
    .use(({ next, ctx }) => next({ ctx: { ...ctx, actor: requireRole(ctx.actor, role) } }))

/** No sign-in needed: only what the sign-in and set-up pages must have. */
export const openProcedure = t.procedure.use(errors)
export const viewerProcedure = needs("viewer")
export const adminProcedure = needs("admin")

/** An error for a thing that is not there. */
export function notFound(what: string): DomainError {
  return new DomainError("not_found", `There is no ${what} (any more).`)
}
