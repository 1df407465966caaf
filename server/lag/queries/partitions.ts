import { z } from "zod"
import type { Page } from "#server/clusters/index.ts"
import { paging } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { brokerName } from "#server/inputs.ts"
import type { PartitionRow } from "../views.ts"
import { groupInput } from "./groups.ts"
import { judgeGroup } from "./judge-group.ts"

const SORTS = ["partition", "lag", "timeLag", "lost", "end", "consumeRate"] as const

export const listPartitionsInput = groupInput.extend({
  destination: brokerName.optional(),
  sort: z.enum(SORTS).default("partition"),
  dir: z.enum(["asc", "desc"]).default("asc"),
  ...paging,
})

/** One page of the partitions of a group. */
export async function listPartitions(
  ctx: Context,
  input: z.output<typeof listPartitionsInput>,
): Promise<Page<PartitionRow>> {
  const { rows } = await judgeGroup(ctx, input)
  rows.sort((a, b) => compare(a, b, input.sort) * (input.dir === "asc" ? 1 : -1))
  const offset = (input.page - 1) * input.pageSize
  return { rows: rows.slice(offset, offset + input.pageSize), total: rows.length }
}

function compare(a: PartitionRow, b: PartitionRow, sort: (typeof SORTS)[number]): number {
  const byPlace = a.destination.localeCompare(b.destination) || a.partition - b.partition
  if (sort === "partition") return byPlace
  // What is unknown is nowhere between the known: it stands apart, below them.
  return (a[sort] ?? Number.NEGATIVE_INFINITY) - (b[sort] ?? Number.NEGATIVE_INFINITY) || byPlace
}
