import type { PoolClient } from "pg"
import { type Store, transaction } from "#server/store/index.ts"
import { copy } from "../storing/copy.ts"
import { binaryRow, int2, int4, int8 } from "../storing/copy-rows.ts"
import { msOfNs, nanoseconds } from "../times.ts"
import { Sketch } from "./sketch.ts"

export const HOUR_MS = 3_600_000
const LOCK = 7_245_023
/** An hour is added up once it is over for as long: its minutes are put together by then. */
const SETTLED_MS = 2_100_000
/** Hours that are looked at again, since spans may come late. */
const BACK_MS = 26 * HOUR_MS
/** Hours that are added up at once. */
const AT_ONCE = 3
/** How often hours are looked for: to count a day of minutes takes a moment. */
const EVERY_MS = 600_000
/** Who looks after a minute and a little more meets it. */
const WINDOW_MS = 120_000

const TARGET =
  "traces.calls_hour (at, slowest_ns, operation_id, status, peer_id, minutes, slowest_trace, sketch)"

/** Adds hours up in the first two minutes of each ten; any number of processes may call it. */
export async function keepHours(store: Pick<Store, "pool">, now: number): Promise<void> {
  if (now % EVERY_MS < WINDOW_MS) await sumHours(store, now)
}

/**
 * Adds up the minutes of hours that are over, and anew those of which more has come since. One process at a time does it.
 * Returns how many hours it added up.
 */
export async function sumHours(store: Pick<Store, "pool">, now: number): Promise<number> {
  return transaction(store, async (client) => {
    const { rows } = await client.query<{ mine: boolean }>("select pg_try_advisory_xact_lock($1) as mine", [
      LOCK,
    ])
    if (rows[0]?.mine !== true) return 0
    const hours = await changedHours(client, now)
    for (const hour of hours) await sumHour(client, hour)
    return hours.length
  })
}

/** The latest first: they are looked at most. */
async function changedHours(client: PoolClient, now: number): Promise<number[]> {
  const to = Math.floor((now - SETTLED_MS) / HOUR_MS) * HOUR_MS
  const hour = nanoseconds(HOUR_MS)
  const { rows } = await client.query<{ hour: string }>(
    `select m.hour from (select at - at % ${hour}::bigint as hour, count(*) as rows from traces.calls
       where at >= $1 and at < $2 group by 1) m
     left join (select at as hour, sum(minutes) as rows from traces.calls_hour where at >= $1 and at < $2 group by 1) h
       on h.hour = m.hour
     where h.rows is distinct from m.rows order by m.hour desc limit ${AT_ONCE}`,
    [nanoseconds(Math.floor((now - BACK_MS) / HOUR_MS) * HOUR_MS), nanoseconds(to)],
  )
  return rows.map((row) => msOfNs(row.hour))
}

interface MinuteRow {
  operation_id: number
  peer_id: number
  status: number
  sketch: Buffer
  slowest_ns: string
  slowest_trace: Buffer
}

interface Sum {
  key: Pick<MinuteRow, "operation_id" | "peer_id" | "status">
  sketch: Sketch
  slowest: { ns: bigint; trace: Buffer }
  rows: number
}

async function sumHour(client: PoolClient, hour: number): Promise<void> {
  const { rows } = await client.query<MinuteRow>(
    `select operation_id, peer_id, status, sketch, slowest_ns, slowest_trace from traces.calls
     where at >= $1 and at < $2`,
    [nanoseconds(hour), nanoseconds(hour + HOUR_MS)],
  )
  const sums = new Map<string, Sum>()
  for (const row of rows) addTo(sums, row)
  await client.query("delete from traces.calls_hour where at = $1", [nanoseconds(hour)])
  const copied = [...sums.values()].map(({ key, sketch, slowest, rows: minutes }) =>
    binaryRow([
      ...[int8(BigInt(nanoseconds(hour))), int8(slowest.ns), int4(key.operation_id), int2(key.status)],
      ...[int4(key.peer_id), int4(minutes), slowest.trace, sketch.toBytes()],
    ]),
  )
  await copy(client, TARGET, copied)
}

function addTo(sums: Map<string, Sum>, row: MinuteRow): void {
  const id = `${row.operation_id} ${row.peer_id} ${row.status}`
  const slowest = { ns: BigInt(row.slowest_ns), trace: row.slowest_trace }
  const sum = sums.get(id) ?? { key: row, sketch: new Sketch(), slowest, rows: 0 }
  sums.set(id, sum)
  sum.sketch.addBytes(row.sketch)
  sum.rows++
  if (slowest.ns > sum.slowest.ns) sum.slowest = slowest
}
