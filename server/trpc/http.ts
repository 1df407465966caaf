import { getHTTPStatusCodeFromError } from "@trpc/server/http"
import { ZodError } from "zod"
import { DomainError } from "#server/errors.ts"
import { toTrpcError } from "./init.ts"

/** An error as a route handler outside of tRPC answers it: the same codes, the same words, nothing of what we did not foresee. */
export function errorResponse(error: unknown): Response {
  const known = toTrpcError(error instanceof ZodError ? badInput(error) : error)
  const status = getHTTPStatusCodeFromError(known)
  const headers = { "cache-control": "no-store" }
  return Response.json({ error: { code: known.code, message: known.message } }, { status, headers })
}

function badInput(error: ZodError): DomainError {
  const words = error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`)
  return new DomainError("bad_input", words.join(" "))
}
