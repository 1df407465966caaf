const HERE = "http://here.invalid"

/**
 * The path to go on to after sign-in, only if it is one of this very site; else the overview. A browser reads it as
 * the URL standard says: `//host` and `/\host` lead elsewhere, and so does `/<tab>/host`, since tabs are left out.
 */
export function ownPath(next: unknown): string {
  if (typeof next !== "string" || !next.startsWith("/") || !URL.canParse(next, HERE)) return "/"
  const { origin, pathname, search, hash } = new URL(next, HERE)
  return origin === HERE && !pathname.startsWith("//") ? pathname + search + hash : "/"
}
