import type { Rule } from "../rule.ts"
import { findSignal } from "../signals/index.ts"
import type { Signal } from "../signals/signal.ts"

/** What is drawn of a rule's alerts. */
export interface Drawn {
  signal: Signal
  /** Where the rule fires; null: it decides by words. */
  threshold: number | null
  /** Where it clears, if that is elsewhere. */
  clear: number | null
}

/** The signal whose numbers are drawn for alerts of a rule, with its thresholds; null: there is none. */
export function drawnOf({ signal: id, condition }: Rule): Drawn | null {
  const signal = findSignal(id)
  const drawn = signal?.drawnAs === undefined ? signal : findSignal(signal.drawnAs)
  if (!drawn || drawn.unit === "word") return null
  if (condition.op === "in" || drawn !== signal) return { signal: drawn, threshold: null, clear: null }
  return { signal: drawn, threshold: condition.threshold, clear: condition.clear ?? null }
}
