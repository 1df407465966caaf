/** A stretch of time of which nothing is stored, ms: no collector was at work, or the cluster did not answer. */
export interface Gap {
  from: number
  to: number
}

/** How many steps of `stepMs` after the last a sample must come, where one is taken every `intervalMs`. */
export function stepsBetween(stepMs: number, intervalMs: number): number {
  return Math.max(1, Math.ceil(intervalMs / stepMs))
}

/** Between which samples (ms, in order) a step of time is missing. */
export function gapsIn(samples: readonly number[], of: { stepMs: number; intervalMs: number }): Gap[] {
  const step = (at: number) => Math.floor(at / of.stepMs)
  const most = stepsBetween(of.stepMs, of.intervalMs)
  return samples.flatMap((at, i) => {
    const before = samples[i - 1]
    if (before === undefined || step(at) - step(before) <= most) return []
    return [{ from: before + of.intervalMs, to: at }]
  })
}
