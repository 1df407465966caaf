import { TRPCError } from "@trpc/server"
import { describe, expect, it } from "vitest"
import { z } from "zod"
import { DomainError, ERROR_CODES } from "#server/errors.ts"
import { toTrpcError } from "#server/trpc/init.ts"

describe("an error as a browser sees it", () => {
  it.each([
    ["bad_input", "BAD_REQUEST"],
    ["not_signed_in", "UNAUTHORIZED"],
    ["forbidden", "FORBIDDEN"],
    ["not_found", "NOT_FOUND"],
    ["conflict", "CONFLICT"],
    ["unsupported", "NOT_IMPLEMENTED"],
    ["unreachable", "BAD_GATEWAY"],
    ["refused_by_broker", "PRECONDITION_FAILED"],
    ["timeout", "TIMEOUT"],
    ["internal", "INTERNAL_SERVER_ERROR"],
  ] as const)("is %s as %s, with our words", (code, expected) => {
    const error = toTrpcError(new DomainError(code, "What to do."))
    expect([error.code, error.message]).toEqual([expected, "What to do."])
  })

  it("leaves no code of ours out", () => {
    for (const code of ERROR_CODES) expect(toTrpcError(new DomainError(code, "x")).code).toBeTruthy()
  })

  it("says nothing of what we did not foresee", () => {
    const unforeseen = new Error("password=hunter2 at /srv/signalbox/store.ts")
    for (const error of [unforeseen, new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause: unforeseen })]) {
      const seen = toTrpcError(error)
      expect(seen.code).toBe("INTERNAL_SERVER_ERROR")
      expect(seen.message).toBe("Something failed inside Signalbox; its log has the cause.")
      expect(seen.cause).toBeUndefined()
    }
  })

  it("says that the database is away when it is", () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED 10.0.0.7:5432"), { code: "ECONNREFUSED" })
    const seen = toTrpcError(new Error("query failed", { cause: refused }))
    expect(seen.code).toBe("SERVICE_UNAVAILABLE")
    expect(seen.message).not.toContain("10.0.0.7")
  })

  it("takes the blame for a schema of our own that refuses, and not for what was sent", () => {
    const { error: cause } = z.object({ name: z.string("Give a name.") }).safeParse({})
    expect(toTrpcError(cause).code).toBe("INTERNAL_SERVER_ERROR")
    const sent = toTrpcError(new TRPCError({ code: "BAD_REQUEST", cause }))
    expect([sent.code, sent.message]).toEqual(["BAD_REQUEST", "Give a name."])
  })
})
