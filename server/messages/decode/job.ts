import { type FilePart, filePart } from "../file-part.ts"
import { type Mask, makeMask } from "../masking/mask.ts"
import type { MaskingRule } from "../masking/rule.ts"
import { type Printed, printPart } from "../print-part.ts"
import { type Decoded, decode } from "./decode.ts"
import { type FoundSchema, isUnread } from "./find-schema.ts"
import { type Fit, fitOf } from "./fit-check.ts"
import type { Format } from "./format.ts"
import type { RegisteredSchema } from "./registry.ts"
import type { PartName } from "./wire.ts"

/**
 * What a worker does for one message: it reads a key or value and prints it for one reader or for a file, or checks
 * whether it fits.
 */
export type Job = ShowJob | FileJob | FitJob

export interface ShowJob {
  kind: "show"
  /** All of the part, or its beginning. */
  bytes: Buffer
  format: Format
  found: FoundSchema | null
  part: PartName
  mask: MaskOrder
  /** Characters of one line; null: printed in full, over lines. */
  line: number | null
  /** Bytes at the end of a beginning that are read, but not shown. */
  withheld: number
}

/** A whole part for a file, read by its looks. */
export interface FileJob {
  kind: "file"
  bytes: Buffer
  found: FoundSchema | null
  part: PartName
  mask: MaskOrder
}

export interface FitJob {
  kind: "fit"
  schema: RegisteredSchema
  /** JSON. */
  value: string
}

/** What a mask is made of. */
export interface MaskOrder {
  rules: readonly MaskingRule[]
  secret: string
}

/** A part as it was read and printed: of Decoded, what a reader is shown. */
export type ShowResult = Printed & Pick<Decoded, "format" | "schema" | "limit">

export type ResultOf<Work extends Job> = Work extends ShowJob
  ? ShowResult
  : Work extends FileJob
    ? FilePart
    : Fit

/** Does a job in this very process. Pure but for what it remembers of schemas and masks; never throws. */
export function work(job: Job): ShowResult | FilePart | Fit {
  switch (job.kind) {
    case "show":
      return show(job)
    case "file":
      return filePart(job, maskBy(job.mask))
    case "fit":
      return fitOf(job.schema, job.value)
  }
}

export function show(job: ShowJob): ShowResult {
  const decoded = decode(job.bytes, job.format, job.found)
  const { format, schema, limit } = decoded
  return {
    ...printPart(
      { ...decoded, bytes: job.bytes, unread: isUnread(job.found, schema) },
      { ...job, mask: maskBy(job.mask) },
    ),
    format,
    schema,
    limit,
  }
}

let last: { key: string; mask: Mask } | null = null

/** Messages come in pages under the same mask. */
function maskBy({ rules, secret }: MaskOrder): Mask {
  const key = JSON.stringify([rules, secret])
  if (last?.key !== key) last = { key, mask: makeMask(rules, secret) }
  return last.mask
}
