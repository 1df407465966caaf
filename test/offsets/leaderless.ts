import { expect } from "vitest"
import { openBroker } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { applyPlan, getPlan, planRest, previewReset } from "#server/offsets/index.ts"

const soon = () => AbortSignal.timeout(60_000)

/**
 * Resets a group to the earliest while some partitions of its topic have no leader: these stay, and are told; the others
 * are written. What is returned does the rest, to be called when all have a leader again.
 */
export async function resetWithoutLeader(
  ctx: Context,
  key: { cluster: string; group: string },
): Promise<() => Promise<void>> {
  const read = (plan: string) =>
    getPlan(ctx, { ...key, plan, show: "all", page: 1, pageSize: 200 }).then((one) => ({
      ...one,
      left: one.lines.filter((line) => line.trouble !== null),
    }))
  const before = await standsAt(ctx, key)
  const { plan } = await previewReset(ctx, {
    ...key,
    strategy: { kind: "earliest" },
    scope: null,
    create: false,
  })
  const planned = await read(plan)
  expect(planned.left.length).toBeGreaterThan(0)
  expect(planned.left.length).toBeLessThan(planned.lines.length)
  for (const { trouble, from, to } of planned.left) {
    expect(trouble).toMatch(/leader|could not be read/)
    expect(to).toBe(from)
  }
  const applied = await applyPlan(ctx, { ...key, plan })
  expect(applied).toMatchObject({ outcome: "applied" })
  expect(applied.message).toContain(`${planned.left.length} could not be planned and stayed as before`)
  const stays = new Set(planned.left.map((line) => line.partition))
  expect(await standsAt(ctx, key)).toEqual(before.map((offset, i) => (stays.has(i) ? offset : 0)))
  return async () => {
    const rest = await planRest(ctx, { ...key, plan })
    const { lines } = await read(rest.plan)
    expect(new Set(lines.map((line) => line.partition))).toEqual(stays)
    expect(await applyPlan(ctx, { ...key, plan: rest.plan })).toMatchObject({ outcome: "applied" })
    expect(await standsAt(ctx, key)).toEqual(before.map(() => 0))
  }
}

async function standsAt(ctx: Context, key: { cluster: string; group: string }): Promise<(number | null)[]> {
  const broker = await openBroker(ctx, key.cluster)
  const sampled = await broker.sample({ groups: [key.group], destinations: [] }, soon())
  return (sampled.groups[0]?.commits[0]?.offsets ?? []).map((one) => (one === null ? null : Number(one)))
}
