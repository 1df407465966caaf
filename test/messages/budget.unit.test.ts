import { expect, it } from "vitest"
import { Budget } from "#server/budget.ts"
import { until } from "#test/until.ts"

const never = new AbortController().signal

/** Takes, and tells when it got it. */
function taking(budget: Budget, bytes: number, signal = never) {
  const asked = { has: false, refused: false, held: budget.take(bytes, signal) }
  asked.held.then(
    () => {
      asked.has = true
    },
    () => {
      asked.refused = true
    },
  )
  return asked
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

it("lets in as many bytes as there are, in turn, and more when some are given back", async () => {
  const budget = new Budget(100, 60_000)
  const [first, second, large, small] = [60, 40, 70, 10].map((bytes) => taking(budget, bytes))
  await settled()
  // The small one would fit before the large one, but it came later.
  expect([first, second, large, small].map((one) => one?.has)).toEqual([true, true, false, false])
  ;(await first?.held)?.become(20)
  await settled()
  expect([large?.has, small?.has]).toEqual([false, false])
  ;(await second?.held)?.[Symbol.dispose]()
  await settled()
  expect([large?.has, small?.has]).toEqual([true, true])
})

it("lets one in that is larger than all, alone", async () => {
  const budget = new Budget(100, 60_000)
  const [one, huge, next] = [10, 500, 1].map((bytes) => taking(budget, bytes))
  await settled()
  expect([one?.has, huge?.has, next?.has]).toEqual([true, false, false])
  ;(await one?.held)?.[Symbol.dispose]()
  await settled()
  expect([huge?.has, next?.has]).toEqual([true, false])
  ;(await huge?.held)?.[Symbol.dispose]()
  await settled()
  expect(next?.has).toBe(true)
})

it("does not count who holds for long, and forgets who no longer waits", async () => {
  const budget = new Budget(100, 50)
  const slow = taking(budget, 100)
  const left = new AbortController()
  const gone = taking(budget, 100, left.signal)
  const waits = taking(budget, 100)
  left.abort()
  await until("the slow one has lapsed", () => waits.has)
  expect([slow.has, gone.refused]).toEqual([true, true])
})
