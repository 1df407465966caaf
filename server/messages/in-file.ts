import { isUtf8 } from "node:buffer"
import type { Message } from "#server/brokers/broker.ts"
import { findSchema } from "./decode/find-schema.ts"
import type { FileJob } from "./decode/job.ts"
import { type PartName, schemaRefOf } from "./decode/wire.ts"
import { decoders } from "./decode/workers.ts"
import type { FilePart } from "./file-part.ts"
import { type Content, sourceOf } from "./get-message.ts"
import { type FileContent, fileContentOf } from "./large-content.ts"
import { HIDDEN } from "./masking/mask.ts"
import { pooled } from "./pool.ts"
import type { Found, Lens } from "./shown.ts"

/** A message for a file, masked. */
export interface InFile extends Found {
  key: FileContent
  value: FileContent
  headers: { name: string; value: Content }[]
  /** What was decoded of parts that are no text. */
  decoded: { key: FilePart["decoded"]; value: FilePart["decoded"] }
}

const AT_A_TIME = 8
const AS_IT_IS: FilePart = { masked: null, decoded: null }

/** Whole messages for a file, through a lens: decoded and masked by its mask in the processes that the pages use. */
export async function toFile(found: readonly Found[], lens: Lens): Promise<InFile[]> {
  const parts = found.flatMap(({ message }) => [
    { part: "key" as const, message },
    { part: "value" as const, message },
  ])
  const asked = parts.filter((one) => needsReading(one, lens))
  const jobs = await pooled(asked, AT_A_TIME, (one) => jobOf(one, lens))
  const outcomes = await decoders().run(jobs)
  const byPart = new Map(asked.map((one, at) => [one, outcomes[at]?.result ?? refused(one, lens)]))
  return found.map(({ partition, message }, at) => {
    const [key = AS_IT_IS, value = AS_IT_IS] = parts
      .slice(at * 2, at * 2 + 2)
      .map((one) => byPart.get(one) ?? AS_IT_IS)
    const bare = lens.mask.message({ ...message, key: null, value: null })
    return {
      partition,
      message,
      key: key.masked ?? fileContentOf(message.key),
      value: value.masked ?? fileContentOf(message.value),
      headers: sourceOf(bare).headers,
      decoded: { key: key.decoded, value: value.decoded },
    }
  })
}

interface PartOf {
  part: PartName
  message: Message
}

/** Plain text from which nothing is hidden goes into the file as it is. */
function needsReading({ part, message }: PartOf, lens: Lens): boolean {
  const bytes = message[part]
  if (bytes === null || bytes.length === 0) return false
  return (
    lens.mask.of(message).holds(part) ||
    !isUtf8(bytes) ||
    schemaRefOf({ bytes, part, headers: message.headers }) !== null
  )
}

async function jobOf({ part, message }: PartOf, lens: Lens): Promise<FileJob> {
  const bytes = message[part] ?? Buffer.alloc(0)
  const found = await findSchema({ bytes, part, headers: message.headers }, "auto", lens.registry)
  return { kind: "file", bytes, found, part, mask: lens.mask.of(message).order }
}

/** A limit was hit: bytes that may be had are in the file all the same. */
function refused({ part, message }: PartOf, lens: Lens): FilePart {
  return lens.mask.of(message).holds(part) ? { masked: HIDDEN, decoded: null } : AS_IT_IS
}
