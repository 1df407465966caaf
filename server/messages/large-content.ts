import { isUtf8 } from "node:buffer"
import { type Content, contentOf } from "./get-message.ts"

/** Parts beyond this go into a file piece by piece (bytes). */
const LARGE = 1 << 20
/** A multiple of 3, so that the base64 of pieces is that of the whole. */
const PIECE = 48 << 10

/** A key or value of which no text is made as a whole: that, its line and what is sent would be in memory together. */
export interface LargeContent {
  bytes: Buffer
  isText: boolean
}

/** A part as a file has it; `Content` where it is small. */
export type FileContent = Content | LargeContent

export function fileContentOf(bytes: Buffer | null): FileContent {
  if (bytes === null || bytes.length <= LARGE) return contentOf(bytes)
  return { bytes, isText: isUtf8(bytes) }
}

export function isLarge(content: FileContent): content is LargeContent {
  return content !== null && typeof content !== "string" && "bytes" in content
}

/** Its text, or its base64, piece by piece; no piece ends in the middle of a character. */
export function* piecesOf({ bytes, isText }: LargeContent): Generator<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true })
  for (let at = 0; at < bytes.length; at += PIECE) {
    const piece = bytes.subarray(at, at + PIECE)
    yield isText ? decoder.decode(piece, { stream: true }) : piece.toString("base64")
  }
}
