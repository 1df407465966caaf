import { chooseDensity } from "#app/ui/density.ts"
import { chooseScheme } from "#app/ui/scheme.ts"
import { MANAGE, MONITOR } from "../places.tsx"

/** A line of the search: where it leads, or what it does. */
export interface Entry {
  id: string
  label: string
  note?: string
  go: { path: string } | { run: () => void }
}

/** Other words that a page is looked for by. */
const ALSO: Record<string, string> = {
  "/": "home start dashboard attention",
  "/lag": "consumer groups backlog",
  "/failures": "dead letters dlq dlt errors",
  "/alerts": "incidents firing",
  "/services": "calls errors latency apm red rpc",
  "/traces": "spans opentelemetry",
  "/audit": "log history who",
}

interface Found {
  label: string
  words: string
  go: Entry["go"]
}

const PAGES: readonly Found[] = [
  ...[...MONITOR, ...MANAGE].map(({ href, label }) => ({
    label,
    words: ALSO[href] ?? "",
    go: { path: href },
  })),
  { label: "Dead-letter rules", words: "failures", go: { path: "/failures/rules" } },
  { label: "Alert history", words: "timeline", go: { path: "/alerts?tab=history" } },
  { label: "Account", words: "password sessions", go: { path: "/settings/account" } },
  { label: "Users", words: "people roles permissions", go: { path: "/settings/users" } },
  { label: "API tokens", words: "keys", go: { path: "/settings/tokens" } },
  { label: "Masking", words: "pii hide", go: { path: "/settings/masking" } },
]

const ACTS: readonly Found[] = [
  { label: "Connect a cluster", words: "add new kafka", go: { path: "/clusters/new" } },
  { label: "Create an alert rule", words: "new", go: { path: "/alerts/rules/new" } },
  { label: "Invite a user", words: "add new", go: { path: "/settings/users?invite=true" } },
  { label: "Create an API token", words: "new", go: { path: "/settings/tokens?new=true" } },
  { label: "Use dark colours", words: "theme mode", go: { run: () => chooseScheme("dark") } },
  { label: "Use light colours", words: "theme mode", go: { run: () => chooseScheme("light") } },
  { label: "Use the system's colours", words: "theme mode auto", go: { run: () => chooseScheme("auto") } },
  { label: "Compact density", words: "rows", go: { run: () => chooseDensity("compact") } },
  { label: "Comfortable density", words: "rows", go: { run: () => chooseDensity("comfortable") } },
]

/** The pages whose name or words contain all that was typed. */
export function pagesFor(q: string): Entry[] {
  return found(PAGES, q)
}

/** The same of acts that need no object. */
export function generalActsFor(q: string): Entry[] {
  return found(ACTS, q)
}

function found(from: readonly Found[], q: string): Entry[] {
  const tokens = q.toLowerCase().split(/\s+/).filter(Boolean)
  return from
    .filter(({ label, words }) => {
      const all = `${label} ${words}`.toLowerCase()
      return tokens.every((token) => all.includes(token))
    })
    .map(({ label, go }) => ({ id: label, label, go }))
}
