import { describe, expect, it } from "vitest"
import { defaultWithoutSynonym } from "#server/brokers/kafka/config-defaults.ts"

describe("the default of a topic setting without a synonym", () => {
  it.each<[string, Record<string, string>, string | null]>([
    ["retention.ms", { "log.retention.hours": "168" }, "604800000"],
    ["retention.ms", { "log.retention.hours": "168", "log.retention.minutes": "90" }, "5400000"],
    ["retention.ms", { "log.retention.minutes": "90", "log.retention.ms": "5" }, "5"],
    ["retention.ms", { "log.retention.hours": "-1" }, "-1"],
    ["segment.ms", { "log.roll.hours": "12" }, "43200000"],
    ["retention.ms", {}, null],
    ["remote.storage.enable", {}, "false"],
    ["some.new.setting", { "log.retention.hours": "168" }, null],
  ])("%s with %o is %s", (name, settings, expected) => {
    expect(defaultWithoutSynonym(name, new Map(Object.entries(settings)))).toBe(expected)
  })
})
