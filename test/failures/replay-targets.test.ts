import { expect, it } from "vitest"
import {
  listFailures,
  listFailuresInput,
  listReplays,
  planReplay,
  planReplayInput,
  startReplay,
  startReplayInput,
} from "#server/failures/index.ts"
import { runReplay } from "#server/failures/replay/run.ts"
import { CLUSTER, deadLetter, failureWorld, shopTopics } from "./world.ts"

it("says what cannot go where it came from, and sends what can be sent", { timeout: 120_000 }, async () => {
  await using world = await failureWorld()
  const { orders, dead } = shopTopics()
  await world.topic(orders, 2)
  await world.topic(dead)
  const letter = (from: number, at: number) => {
    const own = deadLetter({ orders, dead, amount: `${from},5`, partition: from })
    return { ...own, partition: at }
  }
  await world.send([letter(0, 0), letter(1, 1), letter(9, 2), letter(9, 0)])
  await world.index()
  const { rows } = await listFailures(world.ctx, listFailuresInput.parse({ search: orders }))
  const group = { cluster: CLUSTER, id: rows[0]?.id ?? 0 }
  const plan = await planReplay(world.ctx, planReplayInput.parse(group))
  expect(plan.warnings).toContain(
    `2 came from a partition that ${orders} does not have (it has 2): they go to a partition by their key.`,
  )
  const order = { target: `${orders}.absent` }
  const absent = await planReplay(world.ctx, planReplayInput.parse({ ...group, order }))
  expect(absent.warnings).toContain(`${orders}.absent does not exist: create it, or choose another target.`)
  const { id } = await startReplay(world.ctx, startReplayInput.parse({ ...group, upTo: plan.upTo }))
  await runReplay(world.parts, id, AbortSignal.timeout(60_000))
  expect((await listReplays(world.ctx, group))[0]).toMatchObject({ state: "done", sent: 4, missing: 0 })
})
