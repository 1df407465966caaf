import { parentPort } from "node:worker_threads"
import { messageOf } from "#server/errors.ts"
import { TooLarge, unpack } from "./unpack.ts"

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
    const out = unpack(records, codec)
    // Of a pool, or longer than what was written: only memory of its own can be handed over.
    const own = out.buffer instanceof ArrayBuffer && out.buffer.byteLength === out.byteLength
    return { bytes: own ? new Uint8Array(out.buffer as ArrayBuffer) : Uint8Array.from(out) }
  } catch (error) {
    return { bytes: null, damage: error instanceof TooLarge ? null : messageOf(error) }
  }
}
