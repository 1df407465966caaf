import { describe, expect, it } from "vitest"
import { formatFor, stepsFor } from "#app/ui/chart/prepare.ts"

describe("the value axis", () => {
  it.each(["rate", "messages", "ratio"] as const)(
    "labels every tick apart, whatever its step: %s",
    (unit) => {
      const format = formatFor(unit)
      for (const step of stepsFor(unit).filter((one) => one >= 0.001 && one <= 1e5)) {
        const labels = Array.from({ length: 6 }, (_, i) => format(i * step))
        expect(new Set(labels).size, labels.join(" ")).toBe(6)
      }
    },
  )
})
