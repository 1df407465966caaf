import type { Message } from "#server/brokers/broker.ts"
import { decode } from "#server/messages/decode/decode.ts"
import { findSchema } from "#server/messages/decode/find-schema.ts"
import type { Format } from "#server/messages/decode/format.ts"
import { show } from "#server/messages/decode/job.ts"
import type { RegistryClient } from "#server/messages/decode/registry.ts"
import type { PartName } from "#server/messages/decode/wire.ts"
import { noMask } from "#server/messages/masking/mask.ts"

interface How {
  format?: Format
  registry?: RegistryClient | null
  headers?: Message["headers"]
  part?: PartName
}

/** A key or value as a reader without a mask sees it in full, and the tree behind it. */
export async function read(given: Buffer | string, how: How = {}) {
  const { format = "auto", registry = null, headers = [], part = "value" } = how
  const bytes = Buffer.from(given)
  const found = await findSchema({ bytes, part, headers }, format, registry)
  const shown = show({
    kind: "show",
    bytes,
    format,
    found,
    part,
    mask: noMask.order,
    line: null,
    withheld: 0,
  })
  return { ...shown, tree: decode(bytes, format, found).tree }
}
