/** Spans that cannot be kept, by reason, with the first of each. */
export class Rejections {
  count = 0
  readonly #reasons = new Map<string, { count: number; example: string }>()

  add(reason: string, example: string): void {
    this.count++
    const known = this.#reasons.get(reason)
    if (known) known.count++
    else this.#reasons.set(reason, { count: 1, example })
  }

  /** What OTLP's partial success says; empty when all were kept. */
  say(): string {
    return [...this.#reasons]
      .map(
        ([reason, { count, example }]) =>
          `${count} span${count === 1 ? "" : "s"} ${reason} (first: ${example})`,
      )
      .join("; ")
  }
}
