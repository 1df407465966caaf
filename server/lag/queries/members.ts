import type { z } from "zod"
import type { Problem } from "#server/brokers/broker.ts"
import type { Context } from "#server/context.ts"
import type { MemberRow } from "../views.ts"
import type { groupInput } from "./groups.ts"
import { judgeGroup } from "./judge-group.ts"

/** Members that are listed, those with the largest lag first; of more it tells how many there are. */
const MAX_MEMBERS = 200

/** The members of a group as its coordinator tells them now, each with the lag of what it is assigned. */
export async function listMembers(
  ctx: Context,
  input: z.output<typeof groupInput>,
): Promise<{
  state: string
  assignor: string | null
  coordinator: number | null
  members: MemberRow[] | null
  /** How many there are; null: not known. */
  memberCount: number | null
  problems: Problem[]
}> {
  const { rows, asked } = await judgeGroup(ctx, input)
  if (!asked.broker) throw asked.failure
  const { group, problems } = asked
  const lags = new Map(rows.map((row) => [`${row.destination}/${row.partition}`, row]))
  const members = group?.members?.map((member): MemberRow => {
    const keys = (member.assignment ?? []).flatMap((one) =>
      one.partitions.map((partition) => `${one.destination}/${partition}`),
    )
    // A partition without a commit has no lag; one that is not even in the rows was not sampled yet.
    const found = keys.map((key) => lags.get(key) ?? null).filter((row) => row === null || !row.noCommit)
    const known = found.flatMap((row) => row?.lag ?? [])
    const unknownPartitions = found.length - known.length
    const sum = known.reduce((all, lag) => all + lag, 0)
    const isUnknown = member.assignment === null || (sum === 0 && unknownPartitions > 0)
    return { ...member, lag: isUnknown ? null : sum, unknownPartitions }
  })
  return {
    state: group?.state ?? "unknown",
    assignor: group?.assignor ?? null,
    coordinator: group?.coordinator ?? null,
    members: members ? listed(members) : null,
    memberCount: members?.length ?? null,
    problems,
  }
}

/** All in the coordinator's order, or of too many those with the largest lag, an unknown one before all. */
function listed(members: readonly MemberRow[]): MemberRow[] {
  if (members.length <= MAX_MEMBERS) return [...members]
  const lagOf = ({ lag }: MemberRow) => lag ?? Number.POSITIVE_INFINITY
  return members.toSorted((a, b) => compare(lagOf(b), lagOf(a))).slice(0, MAX_MEMBERS)
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1
}
