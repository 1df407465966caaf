/**
 * A name as one segment of a path. Browsers normalise segments that are empty, "." or ".." away, and "%" is decoded once
 * more wherever somebody decodes twice; these are written with "~". Whatever the name, `fromSegment` gives it back.
 */
export function toSegment(name: string): string {
  if (name === "") return "~"
  const dots = name === "." || name === ".." ? name.replaceAll(".", "~2E") : null
  return encodeURIComponent(
    dots ?? name.toWellFormed().replaceAll(/[~%]/g, (one) => (one === "%" ? "~25" : "~7E")),
  )
}

/** The name that a segment of a path stands for, whether Next.js has decoded it already or not. Never throws. */
export function fromSegment(segment: string): string {
  const text = decoded(segment)
  return text === "~" ? "" : text.replaceAll(/~(25|2E|7E)/g, (_, code: string) => ESCAPED[code] ?? "")
}

const ESCAPED: Record<string, string> = { "25": "%", "2E": ".", "7E": "~" }

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
