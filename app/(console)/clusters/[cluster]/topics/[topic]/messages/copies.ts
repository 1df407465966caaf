import { topicPath } from "#app/(console)/paths.ts"
import { withBasePath } from "#app/base-path.ts"
import type { MessageDetail } from "#server/messages/index.ts"
import { filePath, type Place } from "./state.ts"

/** A message as JSON, with all that tells where it stands. Numbers of 64 bits stay texts. */
export function asJson({ destination }: Place, message: MessageDetail): string {
  const { partition, offset, timestamp, key, value, headers } = message
  return JSON.stringify(
    {
      topic: destination,
      partition,
      offset,
      timestamp,
      key: key.kind === "null" ? null : readable(key.text),
      headers: headers.map(({ name, text }) => ({ name, value: text })),
      value: value.kind === "null" ? null : readable(value.text),
    },
    null,
    2,
  )
}

function readable(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === "object" ? parsed : text
  } catch {
    return text
  }
}

/** Reads this one message with kcat. The brokers and how to sign in are the reader's own. */
export function asKcat({ destination }: Place, { partition, offset }: MessageDetail): string {
  return `kcat -C -b "$BOOTSTRAP_SERVERS" -t ${quoted(destination)} -p ${partition} -o ${offset} -c 1 -J`
}

/** Downloads it from Signalbox, masked as for the owner of the token. */
export function asCurl(place: Place, { partition, offset }: MessageDetail): string {
  const path = filePath(place, { of: { kind: "one", partition, offset } })
  return `curl -H "Authorization: Bearer $TOKEN" ${quoted(window.location.origin + path)}`
}

/** The address of this one message, whatever list it was found in. */
export function shareLink(place: Place, { partition, offset }: MessageDetail): string {
  const path = topicPath(place.cluster, place.destination)
  const query = new URLSearchParams({ tab: "messages", parts: String(partition), start: "offset" })
  query.set("at", offset)
  query.set("msg", `${partition}/${offset}`)
  return `${window.location.origin}${withBasePath(`${path}?${query}`)}`
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
