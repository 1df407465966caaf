import type { RouterOutputs } from "#app/trpc/types.ts"

type Count = RouterOutputs["alerts"]["count"]
type Severity = keyof Count

/** Fixed colours: an icon is drawn outside of the page, and knows no scheme. White on each is easy to read. */
const FILLS: Record<Severity, string> = { critical: "#c2271c", warning: "#935700", info: "#5b3fb5" }
const ORDER: readonly Severity[] = ["critical", "warning", "info"]

/** The most severe of what fires; null: nothing does. */
export function worstOf(count: Count | undefined): Severity | null {
  return ORDER.find((severity) => (count?.[severity] ?? 0) > 0) ?? null
}

/** Signalbox's icon with a number on it, as an address. Nothing in it moves. */
export function badgedIcon(firing: number, worst: Severity): string {
  const text = firing > 9 ? "9+" : String(firing)
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="6" fill="#3346c4"/><path d="M7.5 19.5v-15M4.5 19.5h6" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"/><path d="M8.5 6 19 9.5v4L8.5 10Z" fill="#fff"/><circle cx="16.5" cy="16.5" r="7.5" fill="${FILLS[worst]}" stroke="#fff" stroke-width="1"/><text x="16.5" y="20.25" font-family="system-ui,sans-serif" font-size="${text.length > 1 ? 9 : 11}" font-weight="700" fill="#fff" text-anchor="middle">${text}</text></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

/** The title of the page with the number of what fires before it. `before`: what stood there until now. */
export function titled(title: string, { before, firing }: { before: string; firing: number }): string {
  const bare = before !== "" && title.startsWith(before) ? title.slice(before.length) : title
  return prefixOf(firing) + bare
}

export function prefixOf(firing: number): string {
  return firing === 0 ? "" : `(${firing}) `
}
