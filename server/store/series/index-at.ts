/** Index of the row that holds at a moment: the last at or before it, of moments in time order; -1: none. */
export function indexAt(times: readonly number[], moment: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0) <= moment) low = middle + 1
    else high = middle
  }
  return low - 1
}
