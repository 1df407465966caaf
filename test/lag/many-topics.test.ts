import { expect, it } from "vitest"
import { getGroup, listGroups, listGroupsInput } from "#server/lag/queries/index.ts"
import { seriesWorld } from "./series-world.ts"

const TOPICS = 1000

it("a group of 1,000 topics is told with those on which it loses and lags most, and with how many there are", async () => {
  await using world = await seriesWorld()
  const { store, clusterId, ctx } = world
  await store.pool.query(
    `with topics as (
       insert into destination (cluster_id, name, partitions, cleanup_policy, retention_ms)
       select $1, 'topic-' || lpad(i::text, 4, '0'), 1, 'delete', 60000 * i from generate_series(1, $2::int) i returning id, name),
     reader as (
       insert into consumer_group (cluster_id, name, type, state) values ($1, 'archiver', 'classic', 'stable') returning id)
     insert into group_destination (group_id, destination_id, status, lag, lost, partition_count)
     select reader.id, topics.id, case when name = 'topic-0007' then 'losing' else 'behind' end,
       substr(name, 7)::int, case when name = 'topic-0007' then 3 else 0 end, 1 from topics, reader`,
    [clusterId, TOPICS],
  )
  await store.pool.query(
    `insert into group_state (group_id, sampled_at, status, severity, rule, since, sentence, partition_count)
     select id, now(), 'losing', 6, '2 losing', now(), 'archiver loses messages', $1 from consumer_group`,
    [TOPICS],
  )
  const [row] = (await listGroups(ctx, listGroupsInput.parse({}))).rows
  const group = await getGroup(ctx, { cluster: row?.cluster ?? "", group: "archiver" })
  expect(group.destinationCount).toBe(TOPICS)
  const names = group.byDestination.map((one) => one.destination)
  expect(names).toHaveLength(200)
  expect(names).toEqual(names.toSorted())
  expect(names.slice(0, 2)).toEqual(["topic-0007", "topic-0802"])
  expect(names.at(-1)).toBe("topic-1000")
  expect(group.advice).toMatchObject({ text: expect.stringContaining("topic-0007") })
})
