import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { previewRule } from "#server/alerts/index.ts"
import { type Rule, rule } from "#server/alerts/rule.ts"
import { readRule } from "#server/alerts/rules/check-rule.ts"
import { DEFAULT_RULES } from "#server/alerts/rules/defaults.ts"
import { readFileRules, writeFileRules } from "#server/alerts/rules/file-rules.ts"
import { SIGNALS } from "#server/alerts/signals/index.ts"
import { parseConfigFile } from "#server/clusters/index.ts"

const LAGS = { name: "Lags", signal: "lag", severity: "warning", condition: { op: ">", threshold: 10 } }
const problemsOf = (changes: object) =>
  readRule({ ...LAGS, ...changes }).problems.map(({ path, message }) => `${path.join(".")}: ${message}`)

describe("a rule", () => {
  it("that a signal suggests is valid, and so are those that come with Signalbox", () => {
    for (const { id, suggested } of SIGNALS)
      expect(problemsOf({ signal: id, condition: suggested }), id).toEqual([])
    for (const one of DEFAULT_RULES.values()) expect(readRule(one).problems).toEqual([])
  })

  it.each<[string, object, RegExp]>([
    ["of no signal", { signal: "lagg" }, /^signal: There is no signal "lagg"\. Choose one of: lag, time-lag/],
    [
      "that clears above its threshold",
      { condition: { op: ">", threshold: 10, clear: 11 } },
      /^condition\.clear: .*at most 10/,
    ],
    [
      "that clears below its threshold",
      { condition: { op: "<", threshold: 10, clear: 9 } },
      /^condition\.clear: .*at least 10/,
    ],
    ["of words on a number", { condition: { op: "in", values: ["a"] } }, /^condition\.op: Lag is a number/],
    ["of a number on words", { signal: "group-status" }, /^condition\.op: Group status is a word/],
    [
      "of a word that is never said",
      { signal: "group-status", condition: { op: "in", values: ["stopped", "asleep"] } },
      /^condition\.values: Group status is never asleep\. Choose among: /,
    ],
    [
      "with a regular expression",
      { scope: { include: ["^orders-.*"] } },
      /^scope\.include\.0: .*regular expression/,
    ],
    ["with **", { scope: { exclude: ["a", "b**"] } }, /^scope\.exclude\.1: .*single \*/],
    [
      "with a name in and out",
      { scope: { include: ["a*"], exclude: ["a*"] } },
      /^scope\.exclude: "a\*" is included and excluded/,
    ],
    [
      "with names of what has none",
      { signal: "database-latency", scope: { include: ["a"] } },
      /^scope\.include: Database latency/,
    ],
    [
      "by labels that are not there",
      { scope: { labels: { topic: "a" } } },
      /^scope\.labels\.topic: Lag has the labels group, not "topic"/,
    ],
    ["with labels that Signalbox sets", { labels: { severity: "x" } }, /^labels\.severity: /],
    ["with a broken message", { message: "ok\n{{ value | shout }}" }, /^message: .*shout.*line:2/],
    ["with an address that is none", { runbook: "ftp://x" }, /^runbook: /],
    ["without a name", { name: "" }, /^name: /],
    ["that waits too long", { forMs: 8 * 86_400_000 }, /^forMs: /],
  ])("%s is refused with what to do", (_, changes, said) => {
    expect(problemsOf(changes)).toEqual([expect.stringMatching(said)])
  })

  it("takes names that look odd but are names", () => {
    expect(problemsOf({ scope: { include: ["orders.*", "a-(b)", "*", "[app] x?"] } })).toEqual([])
  })

  it("shows what its alerts would say", () => {
    const show = (changes: object, sample?: Parameters<typeof previewRule>[0]["sample"]) =>
      previewRule({ rule: { ...LAGS, ...changes }, ...(sample ? { sample } : {}) })
    const sample = { cluster: "eu", labels: { group: "mail" }, value: 12_345 }
    const message =
      "{{ group }} on {{ cluster }} ({{ team }}): {{ value }} > {{ threshold }}, {{ alertname }}"
    expect(show({ message, labels: { team: "a" } }, sample)).toEqual({
      problems: [],
      message: "mail on eu (a): 12,345 > 10, Lags",
    })
    expect(show({}).message).toContain("billing")
    expect(show({ condition: { op: ">", threshold: 1, clear: 2 } })).toMatchObject({
      problems: [{ field: "condition.clear" }],
      message: null,
    })
    expect(show({ signal: 3 }).problems[0]?.field).toBe("signal")
  })
})

const parse = (text: string, env: Record<string, string> = {}) =>
  readFileRules(
    parseConfigFile(text, { path: "signalbox.yaml", env: { NODE_ENV: "test", ...env } }).alertRules,
    "signalbox.yaml",
  )

describe("rules of signalbox.yaml", () => {
  const GOOD = `  - name: Orders lag
    signal: time-lag
    condition: { op: ">", threshold: 5m, clear: "\${CLEAR}" }
    for: 1m30s
    severity: warning
    scope: { include: [orders-*] }
`

  it("are read with spans of time, and with the environment", () => {
    expect(parse(`alerts:\n rules:\n${GOOD}`, { CLEAR: "60000" })).toEqual({
      rules: [
        {
          id: "orders-lag",
          enabled: true,
          rule: rule.parse({
            name: "Orders lag",
            signal: "time-lag",
            condition: { op: ">", threshold: 300_000, clear: 60_000 },
            forMs: 90_000,
            severity: "warning",
            scope: { include: ["orders-*"] },
          }),
        },
      ],
      problems: [],
      broken: [],
      isComplete: true,
    })
  })

  it("with a mistake are named, and leave the others active", () => {
    const text = `alerts:
 rules:
${GOOD}  - id: twice
    name: Twice
    signal: lagg
    severity: warning
    condition: { op: ">", threshold: 1 }
${GOOD}  - name: Slow
    signal: lag
    severity: loud
    for: soon
    colour: red
    condition: { op: ">", threshold: "\${NOT_SET}" }
  - name: Slower
    signal: lag
    severity: info
    for: soon
    colour: red
    condition: { op: ">", threshold: 1 }
  - 7
`
    const { rules, problems, broken, isComplete } = parse(text, { CLEAR: "1m" })
    expect(rules.map((one) => one.id)).toEqual(["orders-lag"])
    expect(broken).toEqual(["twice", "slow", "slower"])
    expect(isComplete).toBe(false)
    expect(problems).toEqual([
      expect.stringMatching(/^signalbox\.yaml, line 11: rule "Twice", signal: There is no signal "lagg"/),
      expect.stringMatching(
        /^signalbox\.yaml, line 14: rule "Orders lag", id: "orders-lag" is also the rule of line 3/,
      ),
      expect.stringMatching(/^signalbox\.yaml, line 25: rule "Slow", condition\.threshold: .*NOT_SET/),
      expect.stringMatching(/^signalbox\.yaml, line 29: rule "Slower", for: "soon" is no span of time/),
      expect.stringMatching(/^signalbox\.yaml, line 30: rule "Slower", colour: /),
      expect.stringMatching(/^signalbox\.yaml, line 32: a rule without a name/),
    ])
  })

  const words = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.constantFrom(
      "yes",
      "5m",
      "{{ value }}",
      `\${HOME}`,
      `$\${HOME:-a}`,
      "# no",
      "a: b\n- c",
      " x ",
      "*",
      `\${A:-\${B}}`,
    ),
  )
  const spans = fc.oneof(fc.integer({ min: 0, max: 7 * 86_400_000 }), fc.constantFrom(0, 90_000, 3_600_000))
  const anyRule: fc.Arbitrary<Rule> = fc
    .record({
      name: words.filter((one) => one.length > 0),
      signal: fc.constantFrom("lag", "time-lag", "disk-free"),
      op: fc.constantFrom(">", ">=", "<", "<="),
      threshold: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), spans),
      hasClear: fc.boolean(),
      forMs: spans,
      keepFiringForMs: spans,
      severity: fc.constantFrom("info", "warning", "critical"),
      clusters: fc.array(words, { maxLength: 2 }),
      include: fc.array(fc.constantFrom("a*", "orders.eu", "*"), { maxLength: 1 }),
      labels: fc.dictionary(fc.constantFrom("team", "yes", "n"), words),
      advice: words,
      owner: words,
      missing: fc.constantFrom("keep", "alert", "resolve"),
      flapping: fc.record({ changes: fc.integer({ min: 0, max: 100 }), withinMs: spans }),
    })
    .map(({ op, threshold: given, hasClear, clusters, include, ...others }) => {
      const threshold = given === 0 ? 0 : given
      const condition = hasClear ? { op, threshold, clear: threshold } : { op, threshold }
      return { ...others, condition, scope: { clusters, include } }
    })
    .filter((one) => rule.safeParse(one).success)
    .map((one) => rule.parse(one))

  it("that were exported are the same rules", () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyRule, { maxLength: 4 }), fc.boolean(), (all, enabled) => {
        const rules = all.map((one, i) => ({ id: `r-${i}`, enabled, rule: one }))
        expect(parse(writeFileRules(rules))).toEqual({ rules, problems: [], broken: [], isComplete: true })
      }),
    )
    const shipped = [...DEFAULT_RULES].map(([id, one]) => ({ id, enabled: true, rule: one }))
    expect(parse(writeFileRules(shipped)).rules).toEqual(shipped)
  })
})
