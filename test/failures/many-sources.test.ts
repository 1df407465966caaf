import { expect, it } from "vitest"
import { listRules } from "#server/failures/index.ts"
import { CLUSTER, failureWorld } from "./world.ts"

const SOURCES = 300

it("of hundreds of dead-letter topics, those in trouble and the first are listed, and large ones counted in part", async () => {
  await using world = await failureWorld()
  const { pool } = world.store
  await pool.query(
    `insert into destination (cluster_id, name, uid, partitions)
     select $1, 'orders-' || lpad(i::text, 3, '0') || '.DLT', i::text, 1 from generate_series(1, $2::int) i`,
    [world.clusterId, SOURCES],
  )
  await pool.query(
    `insert into failure_source (destination_id, partition, next, indexed_at, problem)
     select id, 0, 0, now(), 'it has no leader' from destination where name = 'orders-290.DLT'`,
  )
  await pool.query(
    `with failure as (
       insert into failure_group (cluster_id, fingerprint, message, destination, first_seen_at, last_seen_at)
       values ($1, 'f', 'm', 'orders', now(), now()) returning id)
     insert into failure_message (group_id, destination_id, partition, "offset", at, dialect, bytes)
     select failure.id, d.id, 0, i, now(), 'spring', 1 from failure, destination d, generate_series(1, 10002) i
     where d.name = 'orders-002.DLT' or d.name = 'orders-003.DLT' and i <= 7`,
    [world.clusterId],
  )
  const { destinations, destinationCount } = await listRules(world.ctx, { cluster: CLUSTER })
  expect(destinationCount).toBe(SOURCES)
  expect(destinations).toHaveLength(200)
  const none = { by: "convention", messages: 0, isMore: false, problem: null }
  expect(destinations.slice(0, 4)).toEqual([
    { ...none, name: "orders-290.DLT", problem: "it has no leader" },
    { ...none, name: "orders-001.DLT" },
    { ...none, name: "orders-002.DLT", messages: 10_000, isMore: true },
    { ...none, name: "orders-003.DLT", messages: 7 },
  ])
  expect(destinations.at(-1)?.name).toBe("orders-199.DLT")
})
