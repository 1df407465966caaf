import { describe, expect, it } from "vitest"
import { readConfig } from "#server/config.ts"

describe("how long samples are kept", () => {
  it("is two days, two weeks and 400 days unless it is set", () => {
    expect(readConfig({ NODE_ENV: "test" }).keep).toEqual({ raw: 2, "1m": 14, "10m": 400 })
    const set = { SIGNALBOX_KEEP_SAMPLES_DAYS: "7", SIGNALBOX_KEEP_MINUTES_DAYS: "30" }
    expect(readConfig({ NODE_ENV: "test", ...set }).keep).toEqual({ raw: 7, "1m": 30, "10m": 400 })
  })

  it.each([
    [
      "no number",
      { SIGNALBOX_KEEP_SAMPLES_DAYS: "2d" },
      "SIGNALBOX_KEEP_SAMPLES_DAYS must be a number of days",
    ],
    ["less than a day", { SIGNALBOX_KEEP_SAMPLES_DAYS: "0" }, "SIGNALBOX_KEEP_SAMPLES_DAYS"],
    ["the finer longer than the coarser", { SIGNALBOX_KEEP_SAMPLES_DAYS: "20" }, "must not decrease"],
  ])("is refused in words: %s", (_, env, words) => {
    expect(() => readConfig({ NODE_ENV: "test", ...env })).toThrow(words)
  })
})

describe("the path of the pages", () => {
  it.each([
    ["http://localhost:3000", ""],
    ["https://tools.example.com/", ""],
    ["https://tools.example.com/signalbox", "/signalbox"],
    ["https://tools.example.com/ops/signalbox/", "/ops/signalbox"],
  ])("of %s is '%s'", (url, basePath) => {
    expect(readConfig({ NODE_ENV: "test", SIGNALBOX_URL: url }).basePath).toBe(basePath)
  })
})
