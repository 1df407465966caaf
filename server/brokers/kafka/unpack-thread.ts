import { parentPort } from "node:worker_threads"
import { messageOf } from "#server/errors.ts"
import { MAX_KEPT, MAX_UNPACKED, TooLarge, unpack } from "./unpack.ts"

/** Decompresses one batch after another in a thread of its own. See unpack-apart.ts. */

export interface UnpackOrder {
  records: Uint8Array<ArrayBuffer>
  codec: number
}

export type Unpacked =
  | { bytes: Uint8Array<ArrayBuffer> }
  /** null: it is larger than the limit. */
  | { bytes: null; damage: string | null }

parentPort?.on("message", ({ records, codec }: UnpackOrder) => {
  const answer = answerTo(Buffer.from(records.buffer), codec)
  parentPort?.postMessage(answer, answer.bytes ? [answer.bytes.buffer] : [])
})

function answerTo(records: Buffer, codec: number): Unpacked {
  try {
    // In one piece: pages of it that stay empty take no memory.
    return { bytes: owned(unpack(records, codec, { room: MAX_UNPACKED })) }
  } catch (error) {
    return { bytes: null, damage: error instanceof TooLarge ? null : messageOf(error) }
  }
}

/** Memory that can be handed over: of its own, and where somebody may keep it no more than is needed. */
function owned(out: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength, byteOffset } = out
  if (!(buffer instanceof ArrayBuffer) || byteOffset > 0) return Uint8Array.from(out)
  return new Uint8Array(byteLength > MAX_KEPT ? buffer : buffer.transfer(byteLength), 0, byteLength)
}
