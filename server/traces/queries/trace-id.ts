import { z } from "zod"
import { DomainError } from "#server/errors.ts"

export const traceId = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[0-9a-f]{32}$/, "A trace id has 32 hexadecimal digits.")

export const spanId = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[0-9a-f]{16}$/, "A span id has 16 hexadecimal digits.")

export function noTrace(): DomainError {
  return new DomainError(
    "not_found",
    "No span of this trace is stored. It may be older than spans are kept, or not sampled by its services.",
  )
}
