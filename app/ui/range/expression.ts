import { isMoment } from "#server/moment.ts"
import type { Zone } from "../zone.ts"

/** When and where an expression is read. */
export interface Reading {
  /** ms since the epoch */
  now: number
  zone: Zone
  /** Which end of a range it is: a whole day or hour ends where the next begins. */
  end: "from" | "to"
}

export interface ReadMoment {
  /** ms since the epoch */
  at: number
  /** Whether it moves on with every second. */
  moves: boolean
}

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const
type Fixed = keyof typeof UNITS
type Calendar = "M" | "y"
type Unit = Fixed | Calendar

const NOW = /^now((?:[-+]\d{1,6}[smhdwMy])*)(?:\/([smhdwMy]))?$/
const STEP = /([-+])(\d+)([smhdwMy])/g
const DATE = /^(\d{4})-(\d\d?)-(\d\d?)$/
const DATE_TIME = /^(\d{4})-(\d\d?)-(\d\d?)[ T](\d\d?):(\d\d)(?::(\d\d))?$/
const TIME = /^(\d\d?):(\d\d)(?::(\d\d))?$/
const EPOCH = /^\d{10}(\d{3})?$/

/**
 * A moment as people type it. null: it is none.
 *
 *     now | now-6h | now+1d-30m | now/d (start of the day; as an end, its end) | now-1w/w
 *     today | yesterday | 2026-11-26 | 2026-11-26 09:00[:30] | 09:00[:30] (of today)
 *     ISO 8601 | seconds or milliseconds since the epoch
 */
export function readExpression(text: string, reading: Reading): ReadMoment | null {
  const found = read(text.trim(), reading)
  return found !== null && isMoment(found.at) ? found : null
}

function read(text: string, reading: Reading): ReadMoment | null {
  const word = text.toLowerCase()
  if (word === "today") return read("now/d", reading)
  if (word === "yesterday") return read("now-1d/d", reading)
  return readRelative(text, reading) ?? readWritten(text, reading)
}

function readRelative(text: string, reading: Reading): ReadMoment | null {
  const [all, steps = "", whole] = NOW.exec(text) ?? []
  if (all === undefined) return null
  let at = reading.now
  for (const [, sign, amount, unit] of steps.matchAll(STEP)) {
    if (isUnit(unit)) at = add(at, Number(amount) * (sign === "-" ? -1 : 1), { unit, zone: reading.zone })
  }
  if (!isUnit(whole)) return { at, moves: true }
  return { at: edge(at, whole, reading), moves: false }
}

function readWritten(text: string, reading: Reading): ReadMoment | null {
  const { zone, now } = reading
  const day = DATE.exec(text)
  if (day) return atEdge(make(zone, numbersOf(day)), numbersOf(day), reading)
  const dayAndTime = DATE_TIME.exec(text)
  if (dayAndTime) return still(make(zone, numbersOf(dayAndTime)), numbersOf(dayAndTime), zone)
  const time = TIME.exec(text)
  if (time) {
    const parts = [...partsOf(zone, now).slice(0, 3), ...numbersOf(time)]
    return still(make(zone, parts), parts, zone)
  }
  if (EPOCH.test(text)) return { at: Number(text) * (text.length === 10 ? 1000 : 1), moves: false }
  const at = /^[-+]?\d{4,6}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : { at, moves: false }
}

function atEdge(at: number, parts: number[], reading: Reading): ReadMoment | null {
  const found = still(at, parts, reading.zone)
  return found && { at: edge(found.at, "d", reading), moves: false }
}

/** null: there is no such day or time, as of 31 February. */
function still(at: number, parts: number[], zone: Zone): ReadMoment | null {
  const [, month, day] = partsOf(zone, at)
  const [, hour = 0, minute = 0, second = 0] = parts.slice(2)
  const isTime = hour < 24 && minute < 60 && second < 60
  return isTime && month === parts[1] && day === parts[2] ? { at, moves: false } : null
}

/** The start of the unit that a moment is in; as the end of a range the start of the next one. */
function edge(at: number, unit: Unit, { end, zone }: Reading): number {
  const start = startOf(at, unit, zone)
  // Days are not all of 24 hours: a bit into the next one, then back to its start.
  return end === "from"
    ? start
    : startOf(add(start, 1, { unit, zone }) + UNITS.m * (isLong(unit) ? 90 : 0), unit, zone)
}

function isLong(unit: Unit): boolean {
  return unit !== "s" && unit !== "m" && unit !== "h"
}

/** Monday begins the week. */
function startOf(at: number, unit: Unit, zone: Zone): number {
  const [year = 0, month = 1, day = 1] = partsOf(zone, at)
  switch (unit) {
    case "y":
      return make(zone, [year, 1, 1])
    case "M":
      return make(zone, [year, month, 1])
    case "w":
      return make(zone, [year, month, day - ((weekday(zone, at) + 6) % 7)])
    case "d":
      return make(zone, [year, month, day])
    case "h":
    case "m":
    case "s":
      return Math.floor(at / UNITS[unit]) * UNITS[unit]
  }
}

function add(at: number, amount: number, { unit, zone }: { unit: Unit; zone: Zone }): number {
  if (unit !== "M" && unit !== "y") return at + amount * UNITS[unit]
  const [year = 0, month = 1, ...rest] = partsOf(zone, at)
  const moved = unit === "y" ? [year + amount, month, ...rest] : [year, month + amount, ...rest]
  return make(zone, moved) + (at % 1000)
}

/** Year, month (from 1), day, hour, minute and second in a zone. */
export function partsOf(zone: Zone, at: number): number[] {
  const date = new Date(at)
  return zone === "utc"
    ? [
        ...[date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()],
        ...[date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()],
      ]
    : [
        ...[date.getFullYear(), date.getMonth() + 1, date.getDate()],
        ...[date.getHours(), date.getMinutes(), date.getSeconds()],
      ]
}

/** The other way round: ms since the epoch. */
export function make(zone: Zone, parts: readonly number[]): number {
  const [year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts
  // Years below 100 mean themselves, not 19xx.
  const date = new Date(0)
  if (zone === "utc") {
    date.setUTCFullYear(year, month - 1, day)
    return date.setUTCHours(hour, minute, second, 0)
  }
  date.setFullYear(year, month - 1, day)
  return date.setHours(hour, minute, second, 0)
}

function weekday(zone: Zone, at: number): number {
  return zone === "utc" ? new Date(at).getUTCDay() : new Date(at).getDay()
}

function numbersOf(match: RegExpExecArray): number[] {
  return match.slice(1).flatMap((part) => (part === undefined ? [] : [Number(part)]))
}

function isUnit(text: string | undefined): text is Unit {
  return text !== undefined && /^[smhdwMy]$/.test(text)
}
