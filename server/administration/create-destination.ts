import { z } from "zod"
import { acting } from "#server/access/index.ts"
import { slug } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { administer, DRY, REALLY, refusalOf } from "./subject.ts"
import type { CreatePreview } from "./views.ts"

const setting = z.object({ name: z.string().trim().min(1).max(200), value: z.string().max(10_000) })

/** `partitions` and `replicas` null: as the cluster does by itself. */
export const createDestinationInput = z.object({
  cluster: slug,
  destination: z.string().trim().min(1, "Enter a name.").max(249),
  partitions: z.number().int().min(1).max(100_000).nullable(),
  replicas: z.number().int().min(1).max(100).nullable(),
  configs: z.array(setting).max(100),
})

type Input = z.output<typeof createDestinationInput>

const toDestination = ({ destination, partitions, replicas, configs }: Input) => ({
  name: destination,
  partitions,
  replicas,
  configs,
})

/** What the broker says of a destination that is not there yet (a dry run). */
export async function previewCreate(ctx: Context, input: Input): Promise<CreatePreview> {
  const { admin, signal } = await administer(ctx, input.cluster)
  const refusal = await refusalOf(admin.createDestination(toDestination(input), DRY, signal))
  const after = new Map(input.configs.map(({ name, value }) => [name, value]))
  const warnings = admin.settings.warnings({ before: null, after, replicas: input.replicas })
  return { refusal, problems: [], warnings }
}

/** Creates a destination. Rejects with `conflict` when there is one of this name. */
export async function createDestination(ctx: Context, input: Input): Promise<void> {
  const { admin, signal } = await administer(ctx, input.cluster)
  const act = {
    action: "destination.create",
    target: input.destination,
    cluster: input.cluster,
    after: {
      partitions: input.partitions,
      replicas: input.replicas,
      settings: Object.fromEntries(input.configs.map(({ name, value }) => [name, value])),
    },
  }
  await acting(ctx, act, () => admin.createDestination(toDestination(input), REALLY, signal))
}
