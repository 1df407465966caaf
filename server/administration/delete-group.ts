import { z } from "zod"
import { acting } from "#server/access/index.ts"
import type { ConsumerGroup, SampledGroup } from "#server/brokers/broker.ts"
import { slug } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { brokerName } from "#server/inputs.ts"
import { unreadBy } from "./readers.ts"
import { type Administered, administer, confirmed, mustBeTyped } from "./subject.ts"
import type { DeleteGroupPreview } from "./views.ts"

export const previewDeleteGroupInput = z.object({ cluster: slug, group: brokerName })
export const deleteGroupInput = previewDeleteGroupInput.extend(confirmed)

/** Members that are named in a refusal. */
const MAX_NAMED = 10

/** The positions that go with the group; refused while it has members, who are named. */
export async function previewDeleteGroup(
  ctx: Context,
  input: z.output<typeof previewDeleteGroupInput>,
): Promise<DeleteGroupPreview> {
  const to = await administer(ctx, input.cluster)
  const { group, problems } = await describeGroup(to, input.group)
  const read = await positionsOf(to, input.group)
  return {
    type: group.type,
    state: group.state,
    members: group.members?.map(({ clientId, host }) => ({ clientId, host })) ?? null,
    positions: read.positions,
    refusal: activeRefusal(group),
    problems: [...problems, ...read.problems],
  }
}

/** Deletes a group with its positions. Rejects with `conflict` while it has members. */
export async function deleteGroup(ctx: Context, input: z.output<typeof deleteGroupInput>): Promise<void> {
  mustBeTyped(input.confirm, input.group)
  const to = await administer(ctx, input.cluster)
  const { group } = await describeGroup(to, input.group)
  const refusal = activeRefusal(group)
  if (refusal !== null) throw new DomainError("conflict", refusal)
  const { commits } = await positionsOf(to, input.group)
  const act = {
    action: "group.delete",
    target: input.group,
    cluster: input.cluster,
    before: { type: group.type, positions: toJson(commits) },
  }
  await acting(ctx, act, () => to.admin.deleteGroup(group, to.signal))
}

async function describeGroup({ broker, signal }: Administered, name: string) {
  const { groups, problems } = await broker.describe({ groups: [name] }, signal)
  const group = groups[0]
  if (group) return { group, problems }
  const missing = problems.find((one) => one.code === "not_found" || one.part.kind === "group")
  throw new DomainError(
    missing ? "not_found" : "unreachable",
    (missing ?? problems[0])?.message ?? `There is no group ${name}.`,
  )
}

async function positionsOf({ broker, signal }: Administered, name: string) {
  const groups = await broker.sample({ groups: [name], destinations: [] }, signal)
  const group = groups.groups[0]
  const commits = group?.commits ?? []
  const names = commits.map((one) => one.destination)
  const logs = (await broker.logs?.bounds(names, signal)) ?? { found: [], problems: [] }
  const byName = new Map(logs.found.map((one) => [one.name, one]))
  const positions = commits.map(({ destination, offsets }) => {
    const log = byName.get(destination)
    const partitions = offsets.filter((offset) => offset !== null).length
    return { destination, partitions, unread: group && log ? unreadBy(group, log) : null }
  })
  return { commits, positions, problems: [...groups.problems, ...logs.problems] }
}

function activeRefusal(group: ConsumerGroup): string | null {
  if (group.members === null)
    return `Whether ${group.name} has members could not be read, so it is not deleted.`
  const amount = group.members.length
  if (amount === 0) return null
  const named = group.members.slice(0, MAX_NAMED).map(({ clientId, host }) => `${clientId} at ${host}`)
  const rest = amount > MAX_NAMED ? ` and ${amount - MAX_NAMED} more` : ""
  const word = amount === 1 ? "a member" : `${amount} members`
  return `${group.name} has ${word} now: ${named.join(", ")}${rest}. Stop them first.`
}

/** The positions as the audit log keeps them: by destination, indexed by partition. */
function toJson(commits: SampledGroup["commits"]): Record<string, (number | null)[]> {
  return Object.fromEntries(
    commits.map(({ destination, offsets }) => [
      destination,
      offsets.map((offset) => (offset === null ? null : Number(offset))),
    ]),
  )
}
