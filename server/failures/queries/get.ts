import type { z } from "zod"
import type { Context } from "#server/context.ts"
import { type failureInput, findFailureGroup } from "../find-failure-group.ts"
import { hidingIn } from "../hidden-parts.ts"
import { MASKED_SENTENCE } from "../masked-groups.ts"
import type { FailureDetail, FailureState } from "../views.ts"
import { shortType } from "./list.ts"

/** One failure group with what was said of it and done to it. Rejects with `not_found`. */
export async function getFailure(ctx: Context, input: z.output<typeof failureInput>): Promise<FailureDetail> {
  const { id, clusterName } = await findFailureGroup(ctx, input)
  const [group, events, counts, lanes] = await Promise.all([
    ctx.store.prisma.failureGroup.findUniqueOrThrow({ where: { id }, omit: { fingerprint: true } }),
    ctx.store.prisma.failureEvent.findMany({
      where: { groupId: id },
      select: { id: true, at: true, actor: true, kind: true, text: true },
      orderBy: { id: "desc" },
      take: 100,
    }),
    ctx.store.pool.query<{ present: number; replayed: number; partitions: number }>(
      // As a choice of letters counts them (choice.ts): "all that were not replayed yet" is what a plan then finds.
      `select count(*)::int as present, count(m.replayed_by)::int as replayed,
         count(distinct m.original_partition)::int as partitions
       from failure_message m join destination d on d.id = m.destination_id
       where m.group_id = $1 and d.deleted_at is null`,
      [id],
    ),
    ctx.store.pool.query<{ name: string; problem: string | null; partitions: number[] }>(
      `select d.name, max(s.problem) as problem, array_agg(distinct m.partition) as partitions
       from (select distinct destination_id, partition from failure_message where group_id = $1) m
       join destination d on d.id = m.destination_id
       left join failure_source s on s.destination_id = d.id group by d.name order by d.name`,
      [id],
    ),
  ])
  const deadDestinations = lanes.rows.map((row) => row.name)
  const { said, named, holds } = await hidingIn(ctx, input.cluster, [group.destination, ...deadDestinations])
  const { present = 0, replayed = 0, partitions = 0 } = counts.rows[0] ?? {}
  return {
    id,
    cluster: input.cluster,
    clusterName,
    state: group.state as FailureState,
    stateAt: group.stateAt.getTime(),
    assignee: group.assignee,
    type: named(shortType(group.exceptionType)),
    exceptionType: named(group.exceptionType),
    message: holds ? MASKED_SENTENCE : group.message,
    frame: named(group.frame),
    consumerGroup: group.consumerGroup,
    destination: group.destination,
    version: group.version,
    exampleMessage: said(group.exampleMessage),
    exampleStack: said(group.exampleStack),
    firstSeenAt: group.firstSeenAt.getTime(),
    lastSeenAt: group.lastSeenAt.getTime(),
    messages: Number(group.messages),
    failedAgain: Number(group.failedAgain),
    present,
    replayed,
    partitions,
    deadDestinations,
    deadPartitions: [...new Set(lanes.rows.flatMap((row) => row.partitions))].sort((a, b) => a - b),
    problems: lanes.rows.flatMap((row) => row.problem ?? []),
    events: events.map((event) => ({ ...event, at: event.at.getTime() })),
  }
}
