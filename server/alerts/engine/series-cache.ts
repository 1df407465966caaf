import type { Series, Subject } from "../signals/signal.ts"

/** The series of one cluster by subject and key: the same object at every sample, so that it can be a key itself. */
export class SeriesCache {
  readonly #bySubject = new Map<Subject, Map<string, Series>>()

  get(subject: Subject, key: string, names: () => Omit<Series, "key">): Series {
    const known = this.#bySubject.get(subject) ?? new Map<string, Series>()
    this.#bySubject.set(subject, known)
    const found = known.get(key)
    if (found) return found
    const made = { key, ...names() }
    known.set(key, made)
    return made
  }
}
