"use client"

import { isMoment } from "#server/moment.ts"
import { exactMoment, instant, moment } from "./format.ts"
import { useAlive } from "./now.ts"

interface Props {
  /** ms since the epoch; as digits where it is whatever a producer wrote, which may have more than a number holds. */
  at: number | string
  className?: string
  /** To the millisecond, for what comes one right after the other; of today the time alone. */
  precise?: boolean
}

/** A moment in the viewer's zone, with UTC and epoch on hover. The server does not know the zone: until the page lives its place is kept. */
export function Moment({ at: given, className, precise }: Props) {
  const alive = useAlive()
  const at = Number(given)
  if (!isMoment(at))
    return (
      <span className={className} title="Not a time in milliseconds between the years 1 and 9999">
        out of range: {given}
      </span>
    )
  const utc = new Date(at).toISOString()
  const write = precise ? instant : moment
  return (
    <time dateTime={utc} title={exactMoment(at)} className={className}>
      {alive ? write(at) : <span className="held">{precise ? utc.slice(11, 23) : utc.slice(0, 19)}</span>}
    </time>
  )
}
