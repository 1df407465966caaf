/**
 * A name as one segment of a path, of a page or of the HTTP API. Browsers normalise segments that are empty, "." or ".."
 * away, and "%" is decoded once more by proxies that decode twice; these are written with "~": `~` is the empty name,
 * `~2E` a point, `~25` a percent sign, `~7E` a tilde. Whatever the name, `fromSegment` gives it back.
 */
export function toSegment(name: string): string {
  if (name === "") return "~"
  const dots = name === "." || name === ".." ? name.replaceAll(".", "~2E") : null
  return encodeURIComponent(
    dots ?? name.toWellFormed().replaceAll(/[~%]/g, (one) => (one === "%" ? "~25" : "~7E")),
  )
}

/**
 * The name that a segment stands for as it is in a URL: the parameters of a page. Throws URIError for a percent escape
 * that is malformed or no UTF-8, which a page never gets (server/roles/web/odd-request.ts).
 */
export function fromSegment(segment: string): string {
  return fromDecoded(decodeURIComponent(segment))
}

/** The name that a segment stands for which is percent-decoded already: the parameters of `generateMetadata`. */
export function fromDecoded(text: string): string {
  return text === "~" ? "" : text.replaceAll(/~(25|2E|7E)/g, (_, code: string) => ESCAPED[code] ?? "")
}

const ESCAPED: Record<string, string> = { "25": "%", "2E": ".", "7E": "~" }
