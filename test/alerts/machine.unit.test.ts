import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { intervalsOf, sampled } from "#server/alerts/back-test/intervals.ts"
import {
  type AlertState,
  evaluate,
  INACTIVE,
  type Logic,
  meets,
  type Sample,
  type Value,
} from "#server/alerts/machine.ts"

const base: Logic = {
  condition: { op: ">", threshold: 100 },
  forMs: 0,
  keepFiringForMs: 0,
  missing: "keep",
  flapping: { changes: 0, withinMs: 0 },
}

/** What a rule says of values 10 s apart: a letter per sample, with the transition where there is one. */
function say(logic: Partial<Logic>, values: readonly Value[]): string {
  let state: AlertState = INACTIVE
  return values
    .map((value, i) => {
      const next = evaluate(state, { at: i * 10_000, value }, { ...base, ...logic })
      state = next.state
      return `${state.phase[0]}${next.transition ? `(${next.transition})` : ""}`
    })
    .join(" ")
}

describe("an alert", () => {
  it("fires at once, and ends at once", () => {
    expect(say({}, [1, 200, 200, 1])).toBe("i f(fired) f i(resolved)")
  })

  it("waits for as long as its rule says, and forgets what ended before", () => {
    expect(say({ forMs: 20_000 }, [200, 200, 1, 200, 200, 200, 200])).toBe(
      "p(pending) p i(cancelled) p(pending) p f(fired) f",
    )
  })

  it("keeps firing until the condition has been over for a while", () => {
    expect(say({ keepFiringForMs: 20_000 }, [200, 1, 200, 1, 1, 1])).toBe("f(fired) f f f f i(resolved)")
  })

  it("ends only past its own threshold to clear", () => {
    const condition = { op: ">" as const, threshold: 100, clear: 50 }
    expect(say({ condition }, [80, 120, 80, 60, 40, 80])).toBe("i f(fired) f f i(resolved) i")
  })

  it("takes an unknown value as its rule says", () => {
    expect(say({ missing: "keep" }, [200, null, null, 1])).toBe("f(fired) f f i(resolved)")
    expect(say({ missing: "resolve" }, [200, null, 1])).toBe("f(fired) i(resolved) i")
    expect(say({ missing: "alert" }, [1, null, null, 1])).toBe("i f(fired) f i(resolved)")
    expect(say({ missing: "keep", forMs: 20_000 }, [200, null, null, null, 1])).toBe(
      "p(pending) p p p i(cancelled)",
    )
  })

  it("is one alert while it flaps, and ends once it is calm", () => {
    const flapping = { changes: 3, withinMs: 100_000 }
    const said = say({ flapping }, [200, 1, 200, 1, 200, 1, 200, 1, ...Array<number>(10).fill(1)])
    expect(said).toMatch(/^f\(fired\) i\(resolved\) f\(fired\)( f)+ i\(resolved\)$/)
  })

  it("compares words", () => {
    expect(meets("stopped", { op: "in", values: ["stopped", "losing"] }, false)).toBe(true)
    expect(meets("ok", { op: "in", values: ["stopped"] }, false)).toBe(false)
  })
})

/** The same, from all samples at once instead of one after another: slow, and as the documentation says it. */
function model(samples: readonly Sample[], logic: Logic): { from: number; to: number | null }[] {
  const firing: { from: number; to: number | null }[] = []
  let open: { from: number; to: number | null } | null = null
  let since: number | null = null
  let overSince: number | null = null
  for (const { at, value } of samples) {
    if (value === null && logic.missing === "keep") continue
    const { condition } = logic
    if (condition.op === "in") throw new Error("only numbers here")
    const beyond = (limit: number | undefined) => {
      if (limit === undefined) return false
      if (value === null) return logic.missing === "alert"
      return {
        ">": Number(value) > limit,
        ">=": Number(value) >= limit,
        "<": Number(value) < limit,
        "<=": Number(value) <= limit,
      }[condition.op]
    }
    if (!open) {
      since = beyond(condition.threshold) ? (since ?? at) : null
      if (since !== null && at - since >= logic.forMs) {
        open = { from: at, to: null }
        overSince = null
      }
    } else {
      const holds = beyond(condition.threshold) || beyond(condition.clear)
      overSince = holds ? null : (overSince ?? at)
      if (overSince !== null && at - overSince >= logic.keepFiringForMs) {
        firing.push({ ...open, to: at })
        open = null
        since = null
      }
    }
  }
  return open ? [...firing, open] : firing
}

const logics = fc.record({
  condition: fc.record(
    {
      op: fc.constantFrom(">", ">=", "<", "<="),
      threshold: fc.integer({ min: -3, max: 3 }),
      clear: fc.integer({ min: -3, max: 3 }),
    },
    { requiredKeys: ["op", "threshold"] },
  ),
  forMs: fc.constantFrom(0, 10, 25, 40),
  keepFiringForMs: fc.constantFrom(0, 10, 25, 40),
  missing: fc.constantFrom("keep", "alert", "resolve"),
  flapping: fc.constant({ changes: 0, withinMs: 0 }),
}) as fc.Arbitrary<Logic>

const histories = fc
  .array(
    fc.record({ wait: fc.integer({ min: 1, max: 30 }), value: fc.option(fc.integer({ min: -5, max: 5 })) }),
    {
      maxLength: 60,
    },
  )
  .map((steps) => {
    let at = 0
    return steps.map(({ wait, value }): Sample => {
      at += wait
      return { at, value }
    })
  })

describe("the state machine", () => {
  it("says of every history what a model says of all of it at once", () => {
    fc.assert(
      fc.property(histories, logics, (samples, logic) => {
        const firing = intervalsOf(samples, logic).filter((one) => one.state === "firing")
        expect(firing.map(({ from, to }) => ({ from, to }))).toEqual(model(samples, logic))
      }),
      { numRuns: 2000 },
    )
  })

  it("says the same live as on history, flapping or not", () => {
    const withFlapping = fc.tuple(logics, fc.integer({ min: 0, max: 4 })).map(([logic, changes]) => ({
      ...logic,
      flapping: { changes, withinMs: 100 },
    }))
    fc.assert(
      fc.property(histories, withFlapping, (samples, logic) => {
        const live: string[] = []
        let state = INACTIVE
        for (const { at, value } of samples) {
          // As it is between two samples: in the database, and read from there.
          const stored: AlertState = JSON.parse(JSON.stringify(state))
          const next = evaluate(stored, { at, value }, logic)
          state = next.state
          if (next.transition) live.push(`${next.transition} ${at}`)
        }
        const history = intervalsOf(samples, logic).flatMap((one, i, all) => [
          `${one.state === "firing" ? "fired" : "pending"} ${one.from}`,
          ...(one.to === null || all[i + 1]?.from === one.to
            ? []
            : [`${one.state === "firing" ? "resolved" : "cancelled"} ${one.to}`]),
        ])
        expect(history).toEqual(live)
      }),
      { numRuns: 2000 },
    )
  })

  it("decides on changes alone as it does on samples every moment", () => {
    const logic: Logic = {
      ...base,
      condition: { op: "in", values: ["stopped"] },
      flapping: { changes: 3, withinMs: 70 },
    }
    const words = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 60 }), fc.constantFrom("ok", "stopped", null)),
      {
        maxLength: 20,
      },
    )
    fc.assert(
      fc.property(
        words,
        fc.constantFrom(0, 10, 30),
        fc.constantFrom(0, 20),
        (steps, forMs, keepFiringForMs) => {
          let at = 0
          const moments = steps.map(([wait, value]) => {
            at += wait
            return { at, value }
          })
          const to = at + 200
          const changes = { at: moments.map((one) => one.at), values: moments.map((one) => one.value) }
          const tried = { ...logic, forMs, keepFiringForMs }
          const held = (moment: number) => moments.findLast((one) => one.at <= moment)?.value ?? null
          const every = Array.from({ length: to + 1 }, (_, moment) => ({ at: moment, value: held(moment) }))
          expect(intervalsOf(sampled(changes, { from: 0, to }, tried), tried)).toEqual(
            intervalsOf(every, tried),
          )
        },
      ),
      { numRuns: 500 },
    )
  })
})
