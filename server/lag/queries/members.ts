import type { z } from "zod"
import type { Problem } from "../../brokers/broker.ts"
import { openBroker } from "../../clusters/index.ts"
import type { Context } from "../../context.ts"
import type { MemberRow } from "../views.ts"
import type { groupInput } from "./groups.ts"
import { listPartitions } from "./partitions.ts"

/** A member may be assigned any number of partitions, and its lag is that of all of them. */
const ALL = Number.MAX_SAFE_INTEGER

/** The members of a group as its coordinator tells them now, each with the lag of what it is assigned. */
export async function listMembers(
  ctx: Context,
  input: z.output<typeof groupInput>,
): Promise<{
  state: string
  assignor: string | null
  coordinator: number | null
  members: MemberRow[] | null
  problems: Problem[]
}> {
  const broker = await openBroker(ctx, input.cluster)
  const [described, partitions] = await Promise.all([
    broker.describe({ groups: [input.group] }, AbortSignal.timeout(5000)),
    listPartitions(ctx, { ...input, sort: "partition", dir: "asc", page: 1, pageSize: ALL }),
  ])
  const lags = new Map(partitions.rows.map((row) => [`${row.destination}/${row.partition}`, row.lag]))
  const group = described.groups[0]
  const members = group?.members?.map((member): MemberRow => {
    const keys = (member.assignment ?? []).flatMap((one) =>
      one.partitions.map((partition) => `${one.destination}/${partition}`),
    )
    const known = keys.flatMap((key) => lags.get(key) ?? [])
    return { ...member, lag: member.assignment === null ? null : known.reduce((sum, lag) => sum + lag, 0) }
  })
  return {
    state: group?.state ?? "unknown",
    assignor: group?.assignor ?? null,
    coordinator: group?.coordinator ?? null,
    members: members ?? null,
    problems: described.problems,
  }
}
