import { describe, expect, it } from "vitest"
import { positionRules } from "#server/brokers/kafka/position-rules.ts"
import { kafkaSettings } from "#server/brokers/kafka/setting-rules.ts"

const settings = (of: Record<string, string>) => new Map<string, string | null>(Object.entries(of))
const policy = (value: string) => settings({ "cleanup.policy": value })

describe("whether a topic can be emptied", () => {
  it.each([
    ["delete", true],
    ["compact", false],
    ["compact,delete", true],
  ])("%s", (value, can) => {
    expect(kafkaSettings.whyNotEmptied(policy(value)) === null).toBe(can)
    expect(kafkaSettings.isCompacted(policy(value))).toBe(value.includes("compact"))
  })
})

describe("what a change of settings deletes", () => {
  const retention = (ms: string, cleanup = "delete") =>
    settings({ "retention.ms": ms, "cleanup.policy": cleanup })
  it.each([
    ["shorter", retention("60000"), retention("1000"), 1000],
    ["longer", retention("1000"), retention("60000"), null],
    ["limited from now on", retention("-1"), retention("1000"), 1000],
    ["unlimited from now on", retention("1000"), retention("-1"), null],
    ["shorter, but nothing is deleted", retention("60000", "compact"), retention("1000", "compact"), null],
    ["not known before", settings({}), retention("1000"), null],
  ])("%s", (_what, before, after, age) => {
    expect(kafkaSettings.deletesOlderThan({ before, after })).toBe(age)
  })
})

describe("what a change of settings warns of", () => {
  const least = (value: string) => settings({ "min.insync.replicas": value })
  it.each([
    ["one replica at creation", null, settings({}), 1, [/one replica/]],
    ["as many in sync as there are", least("1"), least("3"), 3, [/if one broker is down/]],
    ["more in sync than there are", least("1"), least("2"), 1, [/will be rejected/]],
    ["what was so before", least("3"), least("3"), 3, []],
    ["replicas that are not known", null, least("3"), null, []],
    ["deletion from now on", policy("compact"), policy("compact,delete"), 3, [/by age or size/]],
    ["compaction from now on", policy("delete"), policy("compact"), 3, [/newest message of each key/]],
  ])("%s", (_what, before, after, replicas, warnings) => {
    expect(kafkaSettings.warnings({ before, after, replicas })).toEqual(
      warnings.map((one) => expect.stringMatching(one)),
    )
  })
})

describe("what binds whoever writes offsets", () => {
  it.each([
    ["classic", true, false],
    ["consumer", true, false],
    ["share", true, true],
    ["streams", false, false],
  ])("of a %s group", (type, writable, whole) => {
    const rules = positionRules(type)
    expect(rules.refusal === null).toBe(writable)
    expect(rules.onlyWhole !== null).toBe(whole)
    expect(rules.effects.length > 0).toBe(whole)
  })
})
