import { expect, it } from "vitest"
import { inUnit, spokenSetting } from "../../app/(console)/clusters/[cluster]/topics/[topic]/settings.ts"

it.each([
  ["retention.ms", "604800000", "7 days"],
  ["retention.ms", "5400000", "90 minutes"],
  ["retention.ms", "-1", "no limit"],
  ["flush.ms", "9223372036854775807", "no limit"],
  ["delete.retention.ms", "0", "0 days"],
  ["retention.bytes", "1073741824", "1 GiB"],
  ["max.message.bytes", "1048588", "1,048,588 bytes"],
  ["cleanup.policy", "compact", "compact"],
  ["min.insync.replicas", "2", "2"],
  ["preallocate", "false", "false"],
  ["follower.replication.throttled.replicas", "", "empty"],
])("%s of %j is said as %j", (name, value, said) => {
  expect(spokenSetting({ name, value, sensitive: false })).toBe(said)
})

it("is hidden where it is a secret, and unknown where it is not set", () => {
  expect(spokenSetting({ name: "retention.ms", value: "1", sensitive: true })).toBe("hidden")
  expect(spokenSetting({ name: "retention.ms", value: null, sensitive: false })).toBe("–")
})

it("has no unit where the number would not be the same again", () => {
  expect(inUnit("retention.ms", "9223372036854775807")).toBeNull()
  expect(inUnit("retention.ms", "-1")).toBeNull()
  expect(inUnit("retention.ms", "1.5")).toBeNull()
  expect(inUnit("min.insync.replicas", "2")).toBeNull()
})
