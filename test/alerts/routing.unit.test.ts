import { describe, expect, it } from "vitest"
import { matches } from "#server/alerts/matcher.ts"
import {
  DEFAULT_ROUTING,
  groupLabelsOf,
  inhibitorOf,
  routesOf,
  routing,
} from "#server/alerts/notify/routing.ts"
import { isActive, silenceOf } from "#server/alerts/silences/window.ts"

const is = (label: string, value: string) => ({ label, op: "=" as const, value })
const isNot = (label: string, value: string) => ({ label, op: "!=" as const, value })

describe("matchers", () => {
  it("compare whole labels, with * for any text, and take a missing one as empty", () => {
    const labels = { cluster: "production", group: "billing" }
    expect(matches([is("cluster", "prod*"), isNot("group", "audit*")], labels)).toBe(true)
    expect(matches([is("cluster", "prod")], labels)).toBe(false)
    expect(matches([is("team", "")], labels)).toBe(true)
    expect(matches([isNot("team", "")], labels)).toBe(false)
    expect(matches([], labels)).toBe(true)
  })
})

describe("routes", () => {
  const chosen = routing.parse({
    routes: [
      { id: "a", name: "Payments", matchers: [is("group", "pay*")], channels: ["pager"], goesOn: true },
      { id: "b", name: "Production", matchers: [is("cluster", "production")], channels: ["chat"] },
      { id: "c", name: "The rest", matchers: [], channels: "all", groupBy: ["cluster", "group"] },
    ],
    inhibitions: [],
  })
  const names = (labels: Record<string, string>) => routesOf(chosen, labels).map((one) => one.id)

  it("take the first that matches, and the next ones as long as they go on", () => {
    expect(names({ group: "payments", cluster: "production" })).toEqual(["a", "b"])
    expect(names({ group: "payments", cluster: "staging" })).toEqual(["a", "c"])
    expect(names({ group: "audit", cluster: "production" })).toEqual(["b"])
  })

  it("put together what is equal in their labels", () => {
    const [, , rest] = chosen.routes
    expect(rest && groupLabelsOf(rest, { cluster: "x", group: "g", topic: "t" })).toEqual({
      cluster: "x",
      group: "g",
    })
  })
})

describe("one cause, one notification", () => {
  const alert = (id: string, signal: string, cluster: string) => ({ id, labels: { signal, cluster } })
  const broker = alert("1", "broker-offline", "eu")
  const blind = alert("2", "not-sampled", "eu")

  it.each([
    [alert("3", "under-replicated", "eu"), [broker], "1"],
    [alert("3", "under-min-isr", "eu"), [broker], "1"],
    [alert("3", "under-replicated", "us"), [broker], null],
    [alert("3", "lag", "eu"), [broker], null],
    [alert("3", "lag", "eu"), [blind], "2"],
    [broker, [broker, blind], "2"],
    [blind, [broker, blind], null],
  ])("%o with %o is explained by %s", (target, firing, by) => {
    expect(inhibitorOf(DEFAULT_ROUTING, target, firing)?.id ?? null).toBe(by)
  })
})

describe("a silence", () => {
  const at = (text: string) => Date.parse(text)
  const silence = (more: object) => ({
    id: "s",
    matchers: [is("group", "billing")],
    startsAt: at("2026-01-01T00:00Z"),
    endsAt: null,
    recurrence: null,
    clusters: [] as string[],
    ...more,
  })

  it("holds from its start to its end", () => {
    const once = silence({ endsAt: at("2026-01-02T00:00Z") })
    expect(isActive(once, at("2025-12-31T23:59Z"))).toBe(false)
    expect(isActive(once, at("2026-01-01T00:00Z"))).toBe(true)
    expect(isActive(once, at("2026-01-02T00:00Z"))).toBe(false)
  })

  it("concerns what it matches, on the clusters of its author only", () => {
    const all = [silence({ clusters: ["eu"] })]
    const now = at("2026-02-01T00:00Z")
    expect(silenceOf(all, { group: "billing", cluster: "eu" }, now)?.id).toBe("s")
    expect(silenceOf(all, { group: "billing", cluster: "us" }, now)).toBeNull()
    expect(silenceOf(all, { group: "audit", cluster: "eu" }, now)).toBeNull()
  })

  /** Saturday 22:30 for five hours in Berlin, across midnight and across the change of the clocks on 25 October 2026. */
  const nightly = silence({
    recurrence: { timeZone: "Europe/Berlin", days: [6], start: "22:30", minutes: 300 },
  })

  it.each([
    ["2026-10-24T20:29Z", false],
    ["2026-10-24T20:30Z", true],
    ["2026-10-24T23:59Z", true],
    // 02:29 in summer time; an hour later it is 02:29 again, in winter time, and five hours are over.
    ["2026-10-25T00:29Z", true],
    ["2026-10-25T01:29Z", true],
    ["2026-10-25T01:30Z", false],
    ["2026-10-23T21:00Z", false],
    // In winter 22:30 is 21:30 UTC.
    ["2026-12-05T21:29Z", false],
    ["2026-12-05T21:30Z", true],
  ])("that comes back every week: %s → %s", (moment, active) => {
    expect(isActive(nightly, at(moment))).toBe(active)
  })

  it("may last for days", () => {
    const weekend = silence({ recurrence: { timeZone: "UTC", days: [5], start: "18:00", minutes: 3 * 1440 } })
    expect(isActive(weekend, at("2026-11-27T17:59Z"))).toBe(false)
    expect(isActive(weekend, at("2026-11-29T12:00Z"))).toBe(true)
    expect(isActive(weekend, at("2026-11-30T17:59Z"))).toBe(true)
    expect(isActive(weekend, at("2026-11-30T18:00Z"))).toBe(false)
  })
})
