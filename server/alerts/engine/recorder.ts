import {
  BucketBuilder,
  LEVEL_MS,
  nameSignalSeries,
  readSignalBuckets,
  readSignalSeries,
  type SignalBucket,
  type SignalRange,
  touchSignalSeries,
  writeSignalBuckets,
} from "#server/store/index.ts"
import type { Value } from "../machine.ts"
import type { Database, Reading, Series, Signal } from "../signals/signal.ts"

const MINUTE_MS = LEVEL_MS["1m"]
const TEN_MINUTES_MS = LEVEL_MS["10m"]

/**
 * Keeps what signals say, one bucket a minute, for trying rules on history. Words are kept elsewhere, as changes. The
 * minute that a collector dies in is lost, and so is one without a sample: the back-test tells both as gaps.
 */
export class Recorder {
  readonly #clusterId: number
  /** By subject and key, of the series that the last minute had. */
  readonly #ids = new Map<string, Map<string, number>>()
  /** By signal. */
  #minute = new Map<string, Map<Series, SignalRange>>()
  #signals = new Map<string, Signal>()
  /** The minute under way; null: none yet. */
  #at: number | null = null
  #loaded = false

  constructor(clusterId: number) {
    this.#clusterId = clusterId
  }

  /** Whether a round at `at` begins another minute, so that all signals are to be read. */
  turns(at: number): boolean {
    return this.#at === null || minuteOf(at) > this.#at
  }

  /** Stores the minute before, if it is over. Returns what is to be called once that is committed. */
  async turn(db: Database, at: number): Promise<() => void> {
    const minute = minuteOf(at)
    const before = this.#at
    if (before === minute) return () => undefined
    if (before !== null) await this.#write(db, before)
    const tens = Math.floor(minute / TEN_MINUTES_MS) * TEN_MINUTES_MS
    // At the start too: whoever was at it before may have died on the way.
    if (before === null || before < tens) await this.#rollUp(db, tens - TEN_MINUTES_MS)
    if (before !== null && before < tens)
      await touchSignalSeries(
        db,
        [...this.#ids.values()].flatMap((one) => [...one.values()]),
      )
    return () => {
      this.#at = minute
      this.#minute = new Map()
      this.#signals = new Map()
    }
  }

  /** Forgets what was read from a transaction that was rolled back. */
  rolledBack(): void {
    this.#ids.clear()
    this.#loaded = false
  }

  /** Takes what a signal said. To be called after the minute was turned, and once the sample is committed. */
  add(signal: Signal, readings: readonly Reading[]): void {
    if (signal.readChanges) return
    const held = this.#minute.get(signal.id) ?? new Map<Series, SignalRange>()
    this.#minute.set(signal.id, held)
    this.#signals.set(signal.id, signal)
    for (const { series, value } of readings) {
      const number = toNumber(value)
      const one = held.get(series)
      if (!one) held.set(series, { low: number, high: number, last: number })
      else extend(one, number)
    }
  }

  async #write(db: Database, at: number): Promise<void> {
    if (!this.#loaded) await this.#load(db)
    await this.#name(db)
    const signals = new Map<string, SignalBucket>()
    for (const [id, held] of this.#minute) {
      const signal = this.#signals.get(id)
      const ids = signal && this.#ids.get(signal.subject)
      const bucket = new BucketBuilder()
      for (const [series, range] of held) {
        const seriesId = ids?.get(series.key)
        if (seriesId !== undefined) bucket.add(seriesId, range)
      }
      if (!bucket.isEmpty) signals.set(id, bucket.build())
    }
    await writeSignalBuckets(db, "1m", { clusterId: this.#clusterId, at, signals })
  }

  /** How many series have an id here: no more than there are. */
  get size(): number {
    return [...this.#ids.values()].reduce((sum, one) => sum + one.size, 0)
  }

  /** Ten minutes from their minutes, which may be another collector's. */
  async #rollUp(db: Database, at: number): Promise<void> {
    const { rows } = await db.query<{ signal: string }>(
      `select distinct signal from series.signal_values_1m
       where cluster_id = $1 and at >= to_timestamp($2::float8 / 1000) and at < to_timestamp($3::float8 / 1000)`,
      [this.#clusterId, at, at + TEN_MINUTES_MS],
    )
    const signals = new Map<string, SignalBucket>()
    for (const { signal } of rows) {
      const span = { clusterId: this.#clusterId, signal, from: at, to: at + TEN_MINUTES_MS }
      const bucket = new BucketBuilder()
      for (const minute of await readSignalBuckets(db, { ...span, level: "1m" })) bucket.addBucket(minute)
      if (!bucket.isEmpty) signals.set(signal, bucket.build())
    }
    await writeSignalBuckets(db, "10m", { clusterId: this.#clusterId, at, signals })
  }

  async #load(db: Database): Promise<void> {
    for (const row of await readSignalSeries(db, { clusterId: this.#clusterId })) this.#remember(row)
    this.#loaded = true
  }

  /** Gives an id to every series that has none yet, and forgets those of series that are no longer there. */
  async #name(db: Database): Promise<void> {
    const present = new Map<string, Map<string, Series>>()
    for (const [id, held] of this.#minute) {
      const subject = this.#signals.get(id)?.subject
      if (subject === undefined) continue
      const series = present.get(subject) ?? new Map<string, Series>()
      present.set(subject, series)
      for (const one of held.keys()) series.set(one.key, one)
    }
    const unnamed: { subject: string; key: string; labels: unknown }[] = []
    for (const [subject, series] of present) {
      const known = this.#ids.get(subject)
      for (const key of known?.keys() ?? []) if (!series.has(key)) known?.delete(key)
      for (const { key, labels } of series.values())
        if (!known?.has(key)) unnamed.push({ subject, key, labels })
    }
    for (const row of await nameSignalSeries(db, this.#clusterId, unnamed)) this.#remember(row)
  }

  #remember({ id, subject, key }: { id: number; subject: string; key: string }): void {
    const known = this.#ids.get(subject) ?? new Map<string, number>()
    this.#ids.set(subject, known)
    known.set(key, id)
  }
}

function extend(one: SignalRange, value: number): void {
  if (!Number.isNaN(value)) {
    if (!(one.low <= value)) one.low = value
    if (!(one.high >= value)) one.high = value
  }
  one.last = value
}

function minuteOf(at: number): number {
  return Math.floor(at / MINUTE_MS) * MINUTE_MS
}

function toNumber(value: Value): number {
  return typeof value === "number" ? value : Number.NaN
}
