import { UNKNOWN } from "./format.ts"

/** Why a number is not known, in the words of who would want to know it. */
export const WHY = {
  rate: "Unknown: a rate needs two sweeps in a row that could read the offsets.",
  messages: "Unknown: no sweep has read the offsets of all partitions yet.",
  bytes: "Unknown: the brokers have not reported their disk usage yet.",
  groups: "Unknown: no sweep is stored yet.",
  lag: "Unknown: nothing is committed, or the last sweep could not read the offsets.",
  timeLag: "Unknown: history does not reach back to the oldest unread message, and it could not be read.",
  lost: "Unknown: the last sweep could not read where the partitions begin.",
  members: "Unknown: the coordinator did not describe the group.",
  forecast: "No forecast: the produce and consume rates are not known yet.",
  noForecast: "No forecast: no unread message is at risk.",
  offset: "Unknown: the last sweep could not read this offset.",
  version: "Unknown: the cluster was not described yet.",
} as const

/** How far a number is to be trusted. */
export interface Bound {
  /** It is a lower bound, an upper bound, or neither; null: it is the number. */
  mark: "≥" | "≤" | "~" | null
  /** What must be known to read it; empty: nothing. */
  note: string
}

interface Props<Of> {
  of: Of | null
  /** How it is written. */
  as: (value: Of) => string
  /** Why there is none, where there is none. */
  why: string
  bad?: boolean
  bound?: Bound | undefined
}

/** A value; where it is not known a dash, never a zero, that says why on hover; the exact number where it was shortened. */
export function Value<Of>({ of, as, why, bad, bound }: Props<Of>) {
  if (of === null)
    return (
      <span className="quiet" title={bound?.note || why}>
        {UNKNOWN}
      </span>
    )
  const exact = typeof of === "number" && Math.abs(of) >= 1_000_000 ? of.toLocaleString("en-US") : ""
  const title = [exact, bound?.note].filter(Boolean).join(". ")
  return (
    <span className={bad ? "bad" : undefined} title={title || undefined}>
      {bound?.mark && `${bound.mark} `}
      {as(of)}
    </span>
  )
}
