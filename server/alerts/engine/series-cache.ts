import type { Series, Subject } from "../signals/signal.ts"

/**
 * The series of one cluster by subject and key: the same object at every sample, so that it can be a key itself, as long as
 * its labels stay the same.
 */
export class SeriesCache {
  readonly #bySubject = new Map<Subject, Map<string, { series: Series; seen: number; version: string }>>()
  #round = 0

  /** `version`: what the labels depend on, where they may change. */
  get(of: { subject: Subject; key: string; version?: string }, names: () => Omit<Series, "key">): Series {
    const { subject, key, version = "" } = of
    const known = this.#bySubject.get(subject) ?? new Map()
    this.#bySubject.set(subject, known)
    const found = known.get(key)
    if (found?.version === version) {
      found.seen = this.#round
      return found.series
    }
    const series = { key, ...names() }
    known.set(key, { series, seen: this.#round, version })
    return series
  }

  /** After a round that read every signal: what none of them told of since the last call is deleted, and is forgotten. */
  forgetUnseen(): void {
    for (const known of this.#bySubject.values())
      for (const [key, { seen }] of known) if (seen < this.#round) known.delete(key)
    this.#round += 1
  }

  get size(): number {
    return [...this.#bySubject.values()].reduce((sum, one) => sum + one.size, 0)
  }
}
