import type { IncomingMessage } from "node:http"
import { promisify } from "node:util"
import { gunzip, zstdDecompress } from "node:zlib"
import { DomainError } from "#server/errors.ts"
import { MAX_BODY_BYTES } from "../limits.ts"

const MB = 1 << 20

/** A body that is larger than the limit, before or after decompression. */
export class TooLarge extends Error {}

/** The bytes that were sent, at most `most`. Rejects with TooLarge beyond. */
export async function readBody(request: IncomingMessage, most = MAX_BODY_BYTES): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request) {
    const chunk: Buffer = part
    bytes += chunk.length
    if (bytes > most) throw tooLarge(most)
    parts.push(chunk)
  }
  return Buffer.concat(parts, bytes)
}

const UNPACK = { gzip: promisify(gunzip), zstd: promisify(zstdDecompress) } as const

/** The body without its content-encoding; never more than the limit, whatever it claims to be. */
export async function unpack(body: Buffer, encoding: string, most = MAX_BODY_BYTES): Promise<Buffer> {
  if (encoding === "" || encoding === "identity") return body
  if (encoding !== "gzip" && encoding !== "zstd")
    throw new DomainError(
      "unsupported",
      `The content encoding "${encoding}" is not supported: send gzip, zstd or none.`,
    )
  return UNPACK[encoding](body, { maxOutputLength: most }).catch((cause: unknown) => {
    if (cause instanceof RangeError) throw tooLarge(most)
    throw new DomainError("bad_input", `The body is no valid ${encoding}.`, { cause })
  })
}

function tooLarge(most: number): TooLarge {
  return new TooLarge(
    `The request is larger than ${most / MB} MB: configure the exporter to send smaller batches.`,
  )
}
