"use client"

import { exactMoment, moment } from "./format.ts"
import { useAlive } from "./now.ts"

/** A moment in the viewer's zone, with UTC and epoch on hover. The server does not know the zone: until the page lives its place is kept. */
export function Moment({ at, className }: { at: number; className?: string }) {
  const alive = useAlive()
  const utc = new Date(at).toISOString()
  return (
    <time dateTime={utc} title={exactMoment(at)} className={className}>
      {alive ? moment(at) : <span className="held">{utc.slice(0, 19)}</span>}
    </time>
  )
}
