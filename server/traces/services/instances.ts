import type { z } from "zod"
import type { Context } from "#server/context.ts"
import { Sketch } from "../calls/sketch.ts"
import { msOfNs, nanoseconds } from "../times.ts"
import { minutesOf, pointOf, points, type serviceInput } from "./range.ts"

export interface InstanceRow {
  /** service.instance.id, else the host. */
  name: string
  version: string
  host: string
  spans: number
  /** Requests served and messages processed. */
  calls: number
  errors: number
  /** Of all calls of the service, 0 to 1; null: none has calls. */
  share: number | null
  p95Ms: number | null
  firstMs: number
  lastMs: number
  /** Calls a second, at each point. */
  series: number[]
}

export interface InstanceList {
  from: number
  to: number
  step: number
  /** Where the points of the series begin. */
  at: number[]
  /** The most calls first. */
  instances: InstanceRow[]
  /**
   * How unevenly calls are spread: the largest number of calls of an instance that was there all the time, divided by the
   * mean of these; 1 is even. Null with fewer than two.
   */
  skew: number | null
}

interface Row {
  at: string
  instance_id: number
  name: string
  version: string
  host: string
  spans: number
  calls: number
  errors: number
  sketch: Buffer
}

/** The processes of a service, and how calls are spread among them. */
export async function listInstances(
  { store, now }: Pick<Context, "store" | "now">,
  { service, ...input }: z.output<typeof serviceInput>,
): Promise<InstanceList> {
  const range = minutesOf(input, now())
  const { rows } = await store.pool.query<Row>(
    `select c.at, c.instance_id, i.name, i.version, i.host, c.spans, c.calls, c.errors, c.sketch
     from traces.instance_calls c join traces.instance i on i.id = c.instance_id join traces.service s on s.id = i.service_id
     where s.name = $1 and c.at >= $2 and c.at < $3`,
    [service, nanoseconds(range.from), nanoseconds(range.to)],
  )
  const at = points(range)
  const instances = [...Map.groupBy(rows, (row) => row.instance_id).values()].map((own) => {
    const [first] = own
    const byPoint = Map.groupBy(own, (row) => pointOf(msOfNs(row.at), range))
    const times = own.map((row) => msOfNs(row.at))
    return {
      ...{ name: first?.name ?? "", version: first?.version ?? "", host: first?.host ?? "" },
      ...{ spans: sum(own, "spans"), calls: sum(own, "calls"), errors: sum(own, "errors") },
      share: null,
      p95Ms: p95Of(own),
      firstMs: times.reduce((least, ms) => Math.min(least, ms), range.to),
      lastMs: times.reduce((most, ms) => Math.max(most, ms), range.from),
      series: at.map((point) => sum(byPoint.get(point) ?? [], "calls") / (range.step / 1000)),
    }
  })
  const all = instances.reduce((total, one) => total + one.calls, 0)
  return {
    ...range,
    at,
    instances: instances
      .map((one) => ({ ...one, share: all === 0 ? null : one.calls / all }))
      .sort((a, b) => b.calls - a.calls),
    skew: skewOf(instances),
  }
}

function sum(rows: readonly Row[], column: "spans" | "calls" | "errors"): number {
  return rows.reduce((total, row) => total + row[column], 0)
}

function p95Of(rows: readonly Row[]): number | null {
  const sketch = new Sketch()
  for (const row of rows) sketch.addBytes(row.sketch)
  const ns = sketch.quantile(0.95)
  return ns === null ? null : ns / 1e6
}

/** Those that came or went within the range say nothing of how calls are spread. */
function skewOf(instances: readonly Omit<InstanceRow, "share">[]): number | null {
  const first = Math.min(...instances.map((one) => one.firstMs))
  const last = Math.max(...instances.map((one) => one.lastMs))
  const whole = instances.filter((one) => one.firstMs === first && one.lastMs === last)
  const mean = whole.reduce((total, one) => total + one.calls, 0) / whole.length
  return whole.length < 2 || mean === 0 ? null : Math.max(...whole.map((one) => one.calls)) / mean
}
