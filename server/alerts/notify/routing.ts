import { z } from "zod"
import { text } from "#server/inputs.ts"
import { readDocument, type Store } from "#server/store/index.ts"
import { type Labels, labelName, matchers, matches } from "../matcher.ts"
import type { Database } from "../signals/signal.ts"

const MAX_ROUTES = 100
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const wait = z
  .number()
  .int()
  .min(0)
  .max(31 * 24 * HOUR_MS)

/** Channels by id, or every channel there is. */
const receivers = z.union([z.literal("all"), z.array(text(100)).max(50)])

/** Where alerts go that match, and how they are put together (Alertmanager: group_wait, group_interval, repeat_interval). */
export const route = z.strictObject({
  id: text(60).min(1),
  name: text(120).min(1),
  matchers,
  channels: receivers,
  /** Alerts that are equal in these labels are told together. */
  groupBy: z.array(labelName).max(20).default(["cluster"]),
  /** How long a new group waits for more, ms. */
  groupWaitMs: wait.default(10_000),
  /** How long a group that was told of waits before it tells what is new, ms. */
  groupIntervalMs: wait.default(MINUTE_MS),
  /** How long until a group that still fires is told of again, ms; 0: never. */
  repeatIntervalMs: wait.default(4 * HOUR_MS),
  /** Whether the routes below are tried too. */
  goesOn: z.boolean().default(false),
  /** Who is told as well when nobody acknowledges. */
  escalation: z
    .strictObject({ afterMs: wait.min(MINUTE_MS), channels: receivers })
    .nullable()
    .default(null),
})

export type Route = z.output<typeof route>

/** While an alert fires that matches `source`, those that match `target` and are equal in these labels are not told. */
export const inhibition = z.strictObject({
  source: matchers.min(1),
  target: matchers.min(1),
  equal: z.array(labelName).max(20),
})

export type Inhibition = z.output<typeof inhibition>

export const routing = z.strictObject({
  routes: z.array(route).max(MAX_ROUTES),
  inhibitions: z.array(inhibition).max(MAX_ROUTES),
})

export type Routing = z.output<typeof routing>

const is = (label: string, value: string) => ({ label, op: "=" as const, value })
const isNot = (label: string, value: string) => ({ label, op: "!=" as const, value })
const explains = (source: string, target: string): Inhibition => ({
  source: [is("signal", source)],
  target: [is("signal", target)],
  equal: ["cluster"],
})

/** What holds until somebody changes it: everything goes to every channel, one notification for one cause. */
export const DEFAULT_ROUTING: Routing = routing.parse({
  routes: [{ id: "default", name: "Everything", matchers: [], channels: "all" }],
  inhibitions: [
    { source: [is("signal", "not-sampled")], target: [isNot("signal", "not-sampled")], equal: ["cluster"] },
    explains("broker-offline", "under-*"),
    explains("broker-offline", "offline-partitions"),
    explains("broker-offline", "leader-skew"),
    explains("offline-partitions", "group-status"),
    explains("unheld-clusters", "not-sampled"),
  ],
} satisfies z.input<typeof routing>)

export const ROUTING_SETTING = "alert_routing"

/** The routing that holds now. */
export async function readRouting(db: Database | Store["pool"]): Promise<Routing> {
  const { rows } = await db.query<{ value: unknown }>("select value from setting where name = $1", [
    ROUTING_SETTING,
  ])
  return rows[0] ? readDocument(routing, rows[0].value, "The routing of alerts") : DEFAULT_ROUTING
}

/** The routes of an alert, in order: the first that matches, and those after it as long as routes go on. */
export function routesOf({ routes }: Routing, labels: Labels): Route[] {
  const found: Route[] = []
  for (const one of routes) {
    if (!matches(one.matchers, labels)) continue
    found.push(one)
    if (!one.goesOn) break
  }
  return found
}

/** The labels that an alert is grouped by on a route. */
export function groupLabelsOf({ groupBy }: Pick<Route, "groupBy">, labels: Labels): Labels {
  return Object.fromEntries(groupBy.map((label) => [label, labels[label] ?? ""]))
}

/** An alert that explains another one; null: none does. */
export function inhibitorOf<Alert extends { id: string; labels: Labels }>(
  { inhibitions }: Routing,
  alert: { id: string; labels: Labels },
  causes: readonly Alert[],
): Alert | null {
  const mine = inhibitions.filter((one) => matches(one.target, alert.labels))
  const explained = (by: Alert) =>
    mine.some(
      ({ source, equal }) =>
        matches(source, by.labels) &&
        equal.every((label) => (by.labels[label] ?? "") === (alert.labels[label] ?? "")),
    )
  return causes.find((one) => one.id !== alert.id && explained(one)) ?? null
}
