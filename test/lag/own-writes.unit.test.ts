import { expect, it } from "vitest"
import { OwnMoves } from "#server/lag/own-writes.ts"

it("takes a reset for a part of the change after the one that it began from, though the clock was set back", () => {
  const reset = { destinationId: 1, partition: 0, from: 318, offset: 315, at: 179_000 }
  const own = new OwnMoves([reset], 1)
  // The sweep at 180 s was before the reset; its minute passed twice.
  expect(own.of(0, { before: 290, value: 318, after: 60_000, until: 180_000 })).toBeNull()
  expect(own.of(0, { before: 318, value: 332, after: 180_000, until: 240_000 })).toBe(-3)
})
