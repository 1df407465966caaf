import { describe, expect, it } from "vitest"
import { present } from "#server/alerts/channels/present.ts"
import type { ChangedAlert, StoredAlert } from "#server/alerts/notify/alerts.ts"
import { compose } from "#server/alerts/notify/compose.ts"
import { sampleNotification } from "./channels/samples.ts"

function alertOf(fingerprint: string, more: Partial<StoredAlert> = {}): StoredAlert {
  return {
    ...{ id: fingerprint, fingerprint, state: "firing", labels: { cluster: "shop" }, value: null },
    ...{ sentence: `${fingerprint} lags.`, firedAt: 1000, resolvedAt: null, acknowledgedBy: null },
    rule: { name: "Lags", advice: "", runbook: "", owner: "" },
    severity: "warning",
    ...more,
  }
}

const over = { state: "resolved", resolvedAt: 2000 }
let events = 0
const change = (event: ChangedAlert["event"], alert: StoredAlert): ChangedAlert => ({
  eventId: String(++events),
  event,
  alert,
})

function told(
  changed: ChangedAlert[],
  still: StoredAlert[] = [],
  explained: ReadonlyMap<string, readonly StoredAlert[]> = new Map(),
) {
  const group = { key: "k", labels: { cluster: "shop" } }
  return compose({ group, changed, still, kind: "alerts", explained, url: "https://box", now: 3000 })
}

describe("a notification", () => {
  it("stands where its alerts do now, when one fired and was resolved since the last", () => {
    const [billing, parcels] = [alertOf("billing", over), alertOf("parcels", over)]
    const both = told([change("resolved", parcels), change("fired", billing), change("resolved", billing)])
    expect(both).toMatchObject({ status: "resolved", title: "2 resolved on shop" })
    expect(both.alerts.map((one) => one.event)).toEqual(["resolved", "fired", "resolved"])
    const alone = told([change("fired", billing), change("resolved", billing)])
    expect(alone).toMatchObject({ status: "resolved", title: "Resolved: billing lags." })
  })

  it("is of what fires, and as severe, while something does", () => {
    const billing = alertOf("billing", { ...over, severity: "critical" })
    const parcels = alertOf("parcels", { severity: "info" })
    const changed = [change("fired", billing), change("resolved", billing)]
    const some = told(changed, [parcels])
    expect(some).toMatchObject({
      status: "firing",
      severity: "info",
      title: "1 firing, 1 resolved on shop",
    })
    const again = alertOf("billing", { id: "8", severity: "critical" })
    expect(told([...changed, change("fired", again)])).toMatchObject({
      status: "firing",
      severity: "critical",
      title: "Firing: billing lags.",
    })
  })

  it("names by rule what its alerts explain, while they fire", () => {
    const broker = alertOf("broker-3")
    const named = (name: string) => ({ rule: { name, advice: "", runbook: "", owner: "" } })
    const explained = new Map([
      [
        broker.id,
        [alertOf("a", named("Too few")), alertOf("b", named("Too few")), alertOf("c", named("Offline"))],
      ],
    ])
    const fired = told([change("fired", broker)], [], explained)
    expect(fired.alerts[0]?.explains).toEqual([
      { rule: "Too few", alerts: 2 },
      { rule: "Offline", alerts: 1 },
    ])
    const facts = present(sampleNotification({ alerts: fired.alerts }), 20).alerts[0]?.facts
    expect(facts).toContainEqual({ name: "explains", value: "Too few (2), Offline (1)" })
    expect(told([change("resolved", { ...broker, ...over })], [], explained).alerts[0]?.explains).toEqual([])
  })
})
