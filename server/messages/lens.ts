import { z } from "zod"
import type { Broker, Messages } from "#server/brokers/broker.ts"
import { openBroker } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { clusterNotFound, DomainError } from "#server/errors.ts"
import { keyName, text } from "#server/inputs.ts"
import { FORMATS, type Format } from "./decode/format.ts"
import { type MaskFor, maskFor } from "./masking/mask-for.ts"
import { type Lens, lensRegistry } from "./shown.ts"

export const place = { cluster: text(100).min(1), destination: keyName }

/** How keys and values are read; absent: as the reader chose for this destination before, else by their looks. */
export const formatsInput = z.object({ key: z.enum(FORMATS), value: z.enum(FORMATS) }).partial()

export interface Opened {
  broker: Broker
  messages: Messages
  lens: Lens
  masking: Omit<MaskFor, "mask">
}

/** A destination opened for the actor: its broker, and the lens through which they may see its messages. */
export async function openLens(
  ctx: Context,
  at: { cluster: string; destination: string },
  formats: z.output<typeof formatsInput> = {},
): Promise<Opened> {
  const [broker, found, remembered] = await Promise.all([
    openBroker(ctx, at.cluster),
    maskFor(ctx, at.cluster, at.destination),
    rememberedFormats(ctx, at),
  ])
  if (!broker.messages) throw new DomainError("unsupported", "Signalbox cannot read messages of this system.")
  const { mask, ...masking } = found
  const lens = {
    mask,
    key: formats.key ?? remembered.key,
    value: formats.value ?? remembered.value,
    registry: lensRegistry(broker.messages.schemas),
  }
  return { broker, messages: broker.messages, lens, masking }
}

async function rememberedFormats(
  ctx: Context,
  at: { cluster: string; destination: string },
): Promise<{ key: Format; value: Format }> {
  const auto = { key: "auto" as const, value: "auto" as const }
  if (ctx.actor.kind !== "user") return auto
  const row = await ctx.store.prisma.messageFormat.findFirst({
    where: { userId: ctx.actor.id, destination: at.destination, cluster: { slug: at.cluster } },
    select: { keyFormat: true, valueFormat: true },
  })
  const parsed = formatsInput.safeParse({ key: row?.keyFormat, value: row?.valueFormat })
  return { ...auto, ...(row && parsed.success ? parsed.data : {}) } as { key: Format; value: Format }
}

export const rememberFormatsInput = z.object({ ...place, key: z.enum(FORMATS), value: z.enum(FORMATS) })

/** Keeps how the actor wants to read the messages of a destination. */
export async function rememberFormats(
  ctx: Context,
  input: z.output<typeof rememberFormatsInput>,
): Promise<void> {
  if (ctx.actor.kind !== "user") return
  const cluster = await ctx.store.prisma.cluster.findUnique({
    where: { slug: input.cluster },
    select: { id: true },
  })
  if (!cluster) throw clusterNotFound(input.cluster)
  const key = { userId: ctx.actor.id, clusterId: cluster.id, destination: input.destination }
  const formats = { keyFormat: input.key, valueFormat: input.value }
  await ctx.store.prisma.messageFormat.upsert({
    where: { userId_clusterId_destination: key },
    create: { ...key, ...formats },
    update: formats,
  })
}

export const maskingInput = z.object(place)

/** Whether rules hide something in the messages of a destination, and until when the actor sees it all the same. */
export async function getMasking(
  ctx: Context,
  input: z.output<typeof maskingInput>,
): Promise<Omit<MaskFor, "mask">> {
  const { mask: _mask, ...masking } = await maskFor(ctx, input.cluster, input.destination)
  return masking
}
