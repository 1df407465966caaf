/**
 * The states of one alert: inactive → pending → firing → resolved (which is inactive again). Pure, so that it runs on
 * samples as they come and on history alike. After Prometheus' alerting rules (`for`, `keep_firing_for`), with a separate
 * threshold to clear, and flapping after Nagios: what changes too often is held as firing until it is calm.
 */
import { z } from "zod"
import type { Condition, Rule } from "./rule.ts"

/** What is remembered between two samples of a series. Times are ms since the epoch. */
export const alertState = z.object({
  phase: z.enum(["inactive", "pending", "firing"]),
  /** When the condition began to hold; null: inactive. */
  since: z.number().nullable(),
  /** While firing: since when the condition has been over; null: it holds. */
  clearSince: z.number().nullable(),
  /** When the alert fired or was resolved, within the window of flapping. */
  changes: z.array(z.number()),
  /** When the condition began to hold or to be over the last time, while flapping. */
  flapping: z.object({ turnedAt: z.number(), holds: z.boolean() }).nullable(),
})

export type AlertState = z.output<typeof alertState>

/** Nothing is remembered of a series that is well. */
export const INACTIVE: AlertState = {
  phase: "inactive",
  since: null,
  clearSince: null,
  changes: [],
  flapping: null,
}

/** What a rule decides by. */
export type Logic = Pick<Rule, "condition" | "forMs" | "keepFiringForMs" | "missing" | "flapping">

/** pending and cancelled tell nobody; fired and resolved do. */
export type Transition = "pending" | "cancelled" | "fired" | "resolved"

export interface Evaluated {
  state: AlertState
  /** null: nothing changed for whoever looks on. */
  transition: Transition | null
}

/** A value of a signal: a number, one of its words, or unknown. */
export type Value = number | string | null

/** A value of a series at a moment (ms); it holds until the next. */
export interface Sample {
  at: number
  value: Value
}

/** The next state of a series after a sample. Samples must come in order of time. */
export function evaluate(before: AlertState, { value, at: now }: Sample, logic: Logic): Evaluated {
  const holds = conditionHolds(value, logic, before.phase === "firing")
  if (before.phase !== "firing") {
    if (holds === "unknown") return { state: before, transition: null }
    return holds ? begin(before, logic, now) : end(before, logic, now)
  }
  if (holds === "unknown") return { state: before, transition: null }
  return before.flapping ? settle(before, { holds, logic, now }) : go(before, { holds, logic, now })
}

function begin(before: AlertState, logic: Logic, now: number): Evaluated {
  const since = before.since ?? now
  if (now - since < logic.forMs) {
    if (before.phase === "pending") return { state: before, transition: null }
    return { state: { ...before, phase: "pending", since }, transition: "pending" }
  }
  const changes = recent([...before.changes, now], logic, now)
  const flapping = isFlapping(changes, logic) ? { turnedAt: now, holds: true } : null
  return { state: { phase: "firing", since, clearSince: null, changes, flapping }, transition: "fired" }
}

function end(before: AlertState, logic: Logic, now: number): Evaluated {
  if (before.phase === "inactive" && before.changes.length === 0) return { state: INACTIVE, transition: null }
  const changes = recent(before.changes, logic, now)
  const state = changes.length === 0 ? INACTIVE : { ...INACTIVE, changes }
  return { state, transition: before.phase === "pending" ? "cancelled" : null }
}

interface Turn {
  holds: boolean
  logic: Logic
  now: number
}

function go(before: AlertState, { holds, logic, now }: Turn): Evaluated {
  if (holds)
    return { state: before.clearSince === null ? before : { ...before, clearSince: null }, transition: null }
  const clearSince = before.clearSince ?? now
  if (now - clearSince < logic.keepFiringForMs)
    return { state: before.clearSince === null ? { ...before, clearSince } : before, transition: null }
  const changes = recent([...before.changes, now], logic, now)
  if (isFlapping(changes, logic))
    return {
      state: { ...before, clearSince: null, changes, flapping: { turnedAt: now, holds: false } },
      transition: null,
    }
  return { state: { ...INACTIVE, changes }, transition: "resolved" }
}

/** While flapping the alert stays as it is, until the condition has held, or been over, for the whole window. */
function settle(before: AlertState, { holds, logic, now }: Turn): Evaluated {
  const last = before.flapping
  if (last === null) return { state: before, transition: null }
  if (last.holds !== holds)
    return { state: { ...before, flapping: { turnedAt: now, holds } }, transition: null }
  if (now - last.turnedAt < logic.flapping.withinMs) return { state: before, transition: null }
  if (holds) return { state: { ...before, changes: [], flapping: null }, transition: null }
  return { state: INACTIVE, transition: "resolved" }
}

function conditionHolds(value: Value, logic: Logic, firing: boolean): boolean | "unknown" {
  if (value !== null) return meets(value, logic.condition, firing)
  return logic.missing === "keep" ? "unknown" : logic.missing === "alert"
}

/** Whether a value meets a condition. What fires goes on until the value is past `clear` as well. */
export function meets(value: number | string, condition: Condition, firing: boolean): boolean {
  if (condition.op === "in") return condition.values.includes(String(value))
  if (typeof value === "string") return false
  const { op, threshold, clear } = condition
  if (compare(value, op, threshold)) return true
  return firing && clear !== undefined && compare(value, op, clear)
}

function compare(value: number, op: Exclude<Condition["op"], "in">, than: number): boolean {
  if (op === ">") return value > than
  if (op === ">=") return value >= than
  return op === "<" ? value < than : value <= than
}

function recent(changes: number[], { flapping }: Logic, now: number): number[] {
  return flapping.changes === 0 ? [] : changes.filter((at) => now - at < flapping.withinMs)
}

function isFlapping(changes: readonly number[], { flapping }: Logic): boolean {
  return flapping.changes > 0 && changes.length > flapping.changes
}
