import { PassThrough, type Readable, type Transform } from "node:stream"
import { constants, createGunzip, createZstdDecompress } from "node:zlib"
import { DomainError } from "#server/errors.ts"
import { MAX_BODY_BYTES } from "../limits.ts"
import type { Room } from "./room.ts"

const MB = 1 << 20
/** A frame of zstd may ask for 128 MB to look back into; a body has no more than 16 MB. */
const ZSTD_WINDOW_LOG = 24

/** A body that is larger than the limit, before or after decompression. */
export class TooLarge extends Error {}

/** There is no room for the body now: its sender must come again. */
export class Busy extends Error {}

/** Its sender has gone: nobody waits for an answer. */
export class Aborted extends Error {}

export interface Body {
  bytes: Buffer
  /** Frees its room; to be called when the request is answered. */
  free: () => void
}

/**
 * The body without its content-encoding, counted while it arrives and is decompressed. Rejects with TooLarge beyond the
 * limit, with Busy where there is no room, with Aborted, and with a DomainError where it is not what it claims to be.
 */
export async function readBody(
  request: Readable,
  encoding: string,
  { room, most = MAX_BODY_BYTES }: { room: Room; most?: number },
): Promise<Body> {
  const unpacked = unpackerFor(encoding)
  const share = room.share(() => unpacked.destroy(new Busy()))
  const gone = () => request.readableEnded || unpacked.destroy(new Aborted())
  request.once("error", gone)
  request.once("close", gone)
  const parts: Buffer[] = []
  let bytes = 0
  try {
    for await (const part of request.pipe(unpacked)) {
      const chunk: Buffer = part
      bytes += chunk.length
      if (bytes > most) throw tooLarge(most)
      if (!share.take(chunk.length)) throw new Busy()
      parts.push(chunk)
    }
  } catch (error) {
    share.free()
    if (error instanceof TooLarge || error instanceof Busy || error instanceof Aborted) throw error
    throw new DomainError("bad_input", `The body is no valid ${encoding}.`, { cause: error })
  }
  share.arrived()
  return { bytes: Buffer.concat(parts, bytes), free: share.free }
}

function unpackerFor(encoding: string): Transform {
  switch (encoding) {
    case "":
    case "identity":
      return new PassThrough()
    case "gzip":
      return createGunzip()
    case "zstd":
      return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } })
    default:
      throw new DomainError(
        "unsupported",
        `The content encoding "${encoding}" is not supported: send gzip, zstd or none.`,
      )
  }
}

function tooLarge(most: number): TooLarge {
  return new TooLarge(
    `The request is larger than ${most / MB} MB: configure the exporter to send smaller batches.`,
  )
}
