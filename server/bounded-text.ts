import { DomainError } from "#server/errors.ts"

/**
 * The text of an answer from outside, of at most `most` bytes. Rejects with `refused_by_broker` for more, without
 * reading on: whoever answers must not fill our memory.
 */
export async function boundedText(response: Response, most: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > most)
      throw new DomainError(
        "refused_by_broker",
        `${new URL(response.url).host} answered with more than ${most} bytes.`,
      )
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("utf8")
}
