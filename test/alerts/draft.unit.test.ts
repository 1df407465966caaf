import { expect, it } from "vitest"
import {
  type Draft,
  newDraft,
  type Signal,
  toDraft,
  toRule,
  withSignal,
} from "#app/(console)/alerts/rules/draft.ts"
import { rule } from "#server/alerts/rule.ts"
import { readRule } from "#server/alerts/rules/check-rule.ts"
import { DEFAULT_RULES } from "#server/alerts/rules/defaults.ts"
import { findSignal, SIGNALS } from "#server/alerts/signals/index.ts"
import { SUBJECT_LABELS } from "#server/alerts/signals/signal.ts"

function viewOf(id: string): Signal {
  const signal = findSignal(id)
  if (!signal) throw new Error(`no signal ${id}`)
  const { label, unit, subject, help, suggested, sentence, words = [] } = signal
  const labels = [...SUBJECT_LABELS[subject]]
  return { id, label, unit, subject, help, suggested, sentence, words: [...words], labels }
}

it("shows every rule so that it is the same rule when it is saved", () => {
  const rich = rule.parse({
    name: "Rich",
    signal: "disk-free",
    severity: "info",
    condition: { op: "<=", threshold: 0.123, clear: 0.3 },
    forMs: 90_000,
    keepFiringForMs: 3_600_000,
    scope: {
      clusters: ["a"],
      environments: ["prod"],
      include: ["1", "2"],
      exclude: ["3"],
      labels: { node: "1=2" },
    },
    labels: { team: "a", note: "" },
    message: "{{ node }}\n{{ value }}",
    advice: "Do\nthis.",
    missing: "alert",
    flapping: { changes: 0, withinMs: 1 },
  })
  const bytes = [1, 999, 1500, 10_000_000_000, 1_234_567_890_123].map((threshold) =>
    rule.parse({ ...rich, signal: "database-growth", condition: { op: ">", threshold }, scope: {} }),
  )
  for (const one of [rich, ...bytes, ...DEFAULT_RULES.values()]) {
    const signal = viewOf(one.signal)
    expect(toRule(toDraft(one, signal), signal)).toEqual({ rule: one, problems: [] })
  }
})

it("begins with a valid rule on every signal, and on what the address names", () => {
  for (const { id } of SIGNALS) {
    const signal = viewOf(id)
    const { rule: made, problems } = toRule(newDraft(signal, { cluster: "eu", include: "" }), signal)
    expect([problems, readRule(made).problems], id).toEqual([[], []])
  }
  const lag = viewOf("lag")
  const draft = newDraft(lag, { cluster: "eu", include: "billing" })
  expect(toRule(draft, lag).rule).toMatchObject({
    name: "Lag of billing",
    scope: { clusters: ["eu"], include: ["billing"] },
  })
  const status = viewOf("group-status")
  const other = withSignal(draft, lag, status)
  expect(toRule(other, status).rule).toMatchObject({
    name: "Group status of billing",
    condition: status.suggested,
    scope: { clusters: ["eu"], include: ["billing"] },
  })
})

it("reads amounts as people write them, and says how to write what it cannot read", () => {
  const amount = (signal: string, threshold: string) => {
    const view = viewOf(signal)
    const { rule: made, problems } = toRule(
      { ...newDraft(view, { cluster: "", include: "" }), threshold },
      view,
    )
    return problems[0] ?? (made.condition.op === "in" ? null : made.condition.threshold)
  }
  expect(amount("lag", "10,000")).toBe(10_000)
  expect(amount("time-lag", "1h 30m")).toBe(5_400_000)
  expect(amount("disk-free", "12.5 %")).toBe(0.125)
  expect(amount("disk-free", "0.125")).toBe(0.125)
  expect(amount("database-growth", "2 gb")).toBe(2e9)
  expect(amount("produce-deviation", "-8")).toBe(-8)
  const threshold = "condition.threshold"
  expect(amount("time-lag", "soon")).toEqual({
    field: threshold,
    message: "Write a span of time, such as 5m or 1h30m.",
  })
  expect(amount("lag", "5 GB")).toEqual({ field: threshold, message: "Write a number, such as 10000." })
  expect(amount("lag", "")).toMatchObject({ field: threshold })
  const lag = viewOf("lag")
  const broken: Draft = {
    ...newDraft(lag, { cluster: "", include: "" }),
    labels: "team",
    forMs: "x",
    flappingChanges: "1.5",
  }
  expect(toRule(broken, lag).problems.map((one) => one.field)).toEqual([
    "forMs",
    "labels",
    "flapping.changes",
  ])
})
