import type { RouterOutputs } from "#app/trpc/types.ts"
import { LABEL_NAME } from "#server/alerts/label-name.ts"
import { formatMatchers, parseMatchers } from "#server/alerts/matcher-text.ts"

export type Route = RouterOutputs["alerts"]["routing"]["routing"]["routes"][number]

/** A route as its form holds it: texts that may not be readable yet. */
export type Draft = Omit<Route, "matchers" | "groupBy"> & { matchers: string; groupBy: string }

type Inhibition = RouterOutputs["alerts"]["routing"]["routing"]["inhibitions"][number]

/** What explains what, as its form holds it. */
export interface InhibitionDraft {
  id: string
  source: string
  target: string
  equal: string
}

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

let made = 0

/** Unlike crypto.randomUUID it is there without HTTPS too. */
export function newId(): string {
  made += 1
  return `${Date.now().toString(36)}-${made}`
}

export function draftOf(route: Route): Draft {
  return { ...route, matchers: formatMatchers(route.matchers), groupBy: route.groupBy.join(" ") }
}

/** The route that a form says; null: its matchers or labels cannot be read yet. */
export function routeOf(draft: Draft): Route | null {
  const matchers = parseMatchers(draft.matchers)
  const groupBy = draft.groupBy.split(/[\s,]+/).filter((one) => one !== "")
  if (matchers === null || draft.name.trim() === "" || !groupBy.every((one) => LABEL_NAME.test(one)))
    return null
  return { ...draft, matchers, groupBy }
}

export function inhibitionDraftOf({ source, target, equal }: Inhibition): InhibitionDraft {
  return {
    id: newId(),
    source: formatMatchers(source),
    target: formatMatchers(target),
    equal: equal.join(" "),
  }
}

/** null: its matchers or labels cannot be read yet, or one of them matches everything. */
export function inhibitionOf(draft: InhibitionDraft): Inhibition | null {
  const [source, target] = [parseMatchers(draft.source), parseMatchers(draft.target)]
  const equal = draft.equal.split(/[\s,]+/).filter((one) => one !== "")
  if (!source?.length || !target?.length || !equal.every((one) => LABEL_NAME.test(one))) return null
  return { source, target, equal }
}

/** A route to begin with: critical alerts, to every channel, then on to the next route. */
export function newDraft(): Draft {
  return {
    id: newId(),
    name: "Critical alerts",
    matchers: "severity=critical",
    channels: "all",
    groupBy: "cluster",
    groupWaitMs: 10 * SECOND_MS,
    groupIntervalMs: MINUTE_MS,
    repeatIntervalMs: 4 * HOUR_MS,
    goesOn: false,
    escalation: null,
  }
}
