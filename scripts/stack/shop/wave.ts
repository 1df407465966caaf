/** Traffic as a day has it, compressed: 1 on average, between 0.4 and 1.6 within one period. */
export function wave(now: number, periodMs: number): number {
  return 1 + 0.6 * Math.sin((2 * Math.PI * now) / periodMs)
}

/** How often something that happens `perSecond` times on average happens in this tick; never a fraction. */
export function occurrences(perSecond: number, tickMs: number): number {
  const expected = (perSecond * tickMs) / 1000
  return Math.floor(expected) + (Math.random() < expected % 1 ? 1 : 0)
}
