import { isDeepStrictEqual } from "node:util"
import type { Total } from "./model.ts"

/** Differences between what is shown and what is true, in words. */
export class Findings {
  readonly all: string[]
  readonly #about: string

  constructor(all: string[] = [], about = "") {
    this.all = all
    this.#about = about
  }

  about(what: string): Findings {
    return new Findings(this.all, `${this.#about}${what}: `)
  }

  add(what: string): void {
    this.all.push(`${this.#about}${what}`)
  }

  equal(what: string, shown: unknown, expected: unknown): void {
    if (!isDeepStrictEqual(shown, expected))
      this.add(`${what} is ${JSON.stringify(shown)}, not ${JSON.stringify(expected)}`)
  }

  within(what: string, shown: number, span: { least: number; most: number }): void {
    if (shown < span.least || shown > span.most)
      this.add(`${what} is ${shown}, not within ${span.least} and ${span.most}`)
  }

  /** A sum: what is known of it, marked when lanes are missing from it; unknown instead of "at least nothing". */
  total(what: string, is: { shown: number | null; marked: number }, total: Total): void {
    const says = total.known > 0 || is.marked === 0
    if (total.lanes > 0 && total.unknown > 0 && is.marked === 0)
      this.add(`${what} of ${is.shown} is not marked, though ${total.unknown} partitions are unknown`)
    this.equal(what, is.shown, total.lanes > 0 && says ? total.known : null)
  }
}
