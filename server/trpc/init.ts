import { initTRPC, TRPCError } from "@trpc/server"
import type { OpenApiMeta } from "trpc-to-openapi"
import { ZodError, z } from "zod"
import {
  auditGuess,
  auditTry,
  authorise,
  authoriseRead,
  countOpenCall,
  PERMISSIONS,
  type Permission,
  type SignedIn,
} from "#server/access/index.ts"
import type { Actor } from "#server/actor.ts"
import { DomainError, type ErrorCode, isDomainError } from "#server/errors.ts"
import { toStoreError } from "#server/store/index.ts"
import type { TrpcContext } from "./model.ts"
import { decodeParameters } from "./path-parameters.ts"
import { refuseText } from "./refuse-text.ts"
import { watchRights } from "./rights-watch.ts"

const CODES = {
  bad_input: "BAD_REQUEST",
  not_signed_in: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  not_found: "NOT_FOUND",
  conflict: "CONFLICT",
  too_many_requests: "TOO_MANY_REQUESTS",
  unsupported: "NOT_IMPLEMENTED",
  unreachable: "BAD_GATEWAY",
  refused_by_broker: "PRECONDITION_FAILED",
  timeout: "TIMEOUT",
  store_unavailable: "SERVICE_UNAVAILABLE",
  internal: "INTERNAL_SERVER_ERROR",
} satisfies Record<ErrorCode, TRPCError["code"]>

const UNKNOWN = "Something failed inside Signalbox; its log has the cause."

const namesCluster = z.object({ cluster: z.string() })

const t = initTRPC
  .context<TrpcContext>()
  .meta<{ permission: Permission } & OpenApiMeta>()
  .create({
    sse: { ping: { enabled: true, intervalMs: 5000 }, client: { reconnectAfterInactivityMs: 15_000 } },
    errorFormatter: ({ shape, error }) => ({
      ...shape,
      message: isOurs(error) ? shape.message : UNKNOWN,
      // tRPC answers with httpStatus, where it is given: some codes share their number with others.
      data: { code: shape.data.code, httpStatus: shape.data.httpStatus, path: shape.data.path },
    }),
  })

export const router = t.router
export const createCallerFactory = t.createCallerFactory

/** Our errors become tRPC's, once; what is not ours is told in the log only. */
const errors = t.middleware(async ({ next, ctx, path }) => {
  const result = await next()
  if (result.ok) return result
  throw failed(ctx, path, result.error)
})

/** The error of a procedure as its caller gets it; what nobody foresaw is told in the log. */
function failed(ctx: TrpcContext, path: string, cause: unknown): TRPCError {
  const error = toTrpcError(cause)
  if (error.code === "INTERNAL_SERVER_ERROR" || error.code === "SERVICE_UNAVAILABLE")
    ctx.log.error({ err: cause, path }, "procedure failed")
  return error
}

/** An error as a browser may see it. */
export function toTrpcError(error: unknown): TRPCError {
  const cause = toStoreError(error instanceof TRPCError ? (error.cause ?? error) : error)
  if (isDomainError(cause)) return new TRPCError({ code: CODES[cause.code], message: cause.message, cause })
  // Only what was sent: what another schema refuses inside is a failure of ours.
  if (cause instanceof ZodError && error instanceof TRPCError && error.code === "BAD_REQUEST")
    return new TRPCError({
      code: "BAD_REQUEST",
      message: cause.issues.map(({ message }) => message).join(" "),
    })
  if (error instanceof TRPCError && error.code !== "INTERNAL_SERVER_ERROR") return error
  return new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: UNKNOWN })
}

/** Not so for what breaks outside a procedure: in its context. */
function isOurs(error: TRPCError): boolean {
  return error.code !== "INTERNAL_SERVER_ERROR" || isDomainError(error.cause)
}

/** No sign-in needed: only what the sign-in and set-up pages must have, and of that a few calls a minute. */
export const openProcedure = t.procedure.use(errors).use(async ({ next, ctx, path }) => {
  if (await countOpenCall(ctx.from ?? null)) {
    const result = await next()
    const cause = result.ok ? null : result.error.cause
    if (isDomainError(cause) && cause.code === "forbidden") await auditGuess(ctx, path, cause.message)
    return result
  }
  throw new DomainError(
    "too_many_requests",
    "Too many requests from your address. Wait a minute, then try again.",
  )
})

/**
 * A procedure for those whom the table of permissions allows it. One with the scope `cluster` must take the cluster's
 * slug as `cluster` in its input, and must touch no other cluster. A mutation is always in the audit log: by its verb,
 * in the verb's own transaction, or else by `action` here; so is one that was refused or that failed. With `api` it is
 * part of the HTTP API too (server/trpc/api.ts).
 */
export const procedure = (
  permission: Permission,
  action: string = permission,
  api?: OpenApiMeta["openapi"],
) =>
  t.procedure
    .meta(api ? { permission, openapi: api } : { permission })
    .use(errors)
    .use(async ({ next, ctx, getRawInput }) => {
      if (!api || ctx.encodedParameters !== true) return next()
      return next({ getRawInput: async () => decodeParameters(api.path, await getRawInput()) })
    })
    .use(async ({ next, ctx, type, path, getRawInput, signal }) => {
      // Whoever is not signed in is refused before their input is read.
      if (ctx.actor.kind !== "user" && ctx.actor.kind !== "token") authorise(ctx.actor, permission)
      const input = await getRawInput()
      refuseText(path, input)
      if (type === "query") return next({ ctx: { ...ctx, actor: await admitReader(ctx, permission, input) } })
      if (type === "subscription") {
        const actor = await admitReader(ctx, permission, input)
        const watch = watchRights({ ctx, signal, admit: (now) => void admit(now, permission, input) })
        const result = await next({ ctx: { ...ctx, actor, watch } })
        if (result.ok && isStream(result.data))
          return {
            ...result,
            data: withKnownErrors(watch.guard(result.data), (error) => failed(ctx, path, error)),
          }
        watch.end()
        return result
      }
      const acting = { ...ctx, audited: [] }
      const actor = await admitted(acting, { permission, action, input })
      const result = await next({ ctx: { ...acting, actor } })
      if (result.ok) await auditTry(acting, { action, input })
      else if (!(result.error.code === "BAD_REQUEST" && result.error.cause instanceof ZodError))
        await auditTry(acting, { action, input, failed: toTrpcError(result.error).message })
      return result
    })

function isStream(data: unknown): data is AsyncIterable<unknown> {
  return typeof data === "object" && data !== null && Symbol.asyncIterator in data
}

/** A stream that fails while it is under way is past the middleware that maps errors. */
async function* withKnownErrors<Item>(
  stream: AsyncIterable<Item>,
  known: (error: unknown) => TRPCError,
): AsyncGenerator<Item> {
  try {
    yield* stream
  } catch (error) {
    throw known(error)
  }
}

interface Asked {
  permission: Permission
  action: string
  input: unknown
}

/** Lets an act begin, or writes down that it was refused. Whoever is not signed in leaves no trace: anybody could flood the log. */
async function admitted(ctx: TrpcContext, { permission, action, input }: Asked): Promise<SignedIn> {
  try {
    return admit(ctx.actor, permission, input)
  } catch (error) {
    if (isDomainError(error) && error.code === "forbidden")
      await auditTry(ctx, { action, input, refused: error.message })
    throw error
  }
}

/** Lets a read begin; a refusal is written down, once in a while. */
async function admitReader(ctx: TrpcContext, permission: Permission, input: unknown): Promise<SignedIn> {
  const cluster = namesCluster.safeParse(input).data?.cluster
  await authoriseRead(ctx, permission, { cluster, input })
  return admit(ctx.actor, permission, input)
}

function admit(asking: Actor, permission: Permission, input: unknown): SignedIn {
  const cluster = namesCluster.safeParse(input).data?.cluster
  const actor = authorise(asking, permission, cluster)
  if (PERMISSIONS[permission].scope === "cluster" && cluster === undefined)
    throw new DomainError("bad_input", "Name the cluster.")
  return actor
}
