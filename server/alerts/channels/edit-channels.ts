import { randomUUID } from "node:crypto"
import { z } from "zod"
import { audit, nameOf } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError, messageOf } from "#server/errors.ts"
import { text } from "#server/inputs.ts"
import type { ChannelRow } from "../views.ts"
import type { Channel } from "./channel.ts"
import { CHANNELS, findChannel } from "./index.ts"
import type { Notification } from "./notification.ts"
import { openSettings, sealSettings } from "./settings.ts"

const MAX_CHANNELS = 100

/** The channels, and the kinds that one more can be of. */
export async function listChannels(ctx: Context) {
  const rows = await ctx.store.prisma.alertChannel.findMany({
    include: { _count: { select: { notifications: { where: { state: "queued" } } } } },
    orderBy: { name: "asc" },
  })
  const channels = rows.map(
    (row): ChannelRow => ({
      id: row.id,
      name: row.name,
      kind: row.kind,
      label: findChannel(row.kind)?.label ?? row.kind,
      enabled: row.enabled,
      source: row.source === "file" ? "file" : "page",
      deliveredAt: row.deliveredAt?.getTime() ?? null,
      problem: row.problem,
      failures: row.failures,
      failingSince: row.failingSince?.getTime() ?? null,
      waiting: row._count.notifications,
    }),
  )
  return { channels, kinds: CHANNELS.map(({ kind, label, fields }) => ({ kind, label, fields })) }
}

export const addChannelInput = z.object({
  name: text(80).trim().min(1),
  kind: text(40),
  settings: z.record(text(60), z.unknown()),
})

/** Adds a channel; from then on it is sent what its routes lead to. */
export async function addChannel(
  ctx: Context,
  input: z.output<typeof addChannelInput>,
): Promise<{ id: string }> {
  const { name, kind } = input
  const channel = kindOf(kind)
  const settings = checked(channel, input.settings)
  const id = randomUUID()
  const by = nameOf(ctx.actor)
  await ctx.store.prisma.$transaction(async (tx) => {
    if (await tx.alertChannel.findUnique({ where: { name } }))
      throw new DomainError("conflict", `There is a channel "${name}" already.`)
    if ((await tx.alertChannel.count()) >= MAX_CHANNELS)
      throw new DomainError("conflict", `There are ${MAX_CHANNELS} channels. Remove one first.`)
    const sealed = sealSettings(ctx.vault, id, settings)
    await tx.alertChannel.create({
      data: { id, name, kind, source: "page", settings: sealed, updatedBy: by },
    })
    await audit(tx, ctx, {
      action: "alert.channel.add",
      cluster: null,
      target: name,
      after: { kind },
      result: "ok",
    })
  })
  return { id }
}

export const channelInput = z.object({ id: text(100) })

/** Removes a channel, and with it what waits to be delivered there. */
export async function removeChannel(ctx: Context, { id }: z.output<typeof channelInput>): Promise<void> {
  await ctx.store.prisma.$transaction(async (tx) => {
    const found = await tx.alertChannel.findUnique({
      where: { id },
      select: { name: true, kind: true, source: true },
    })
    if (!found) throw new DomainError("not_found", "This channel is not there.")
    if (found.source === "file")
      throw new DomainError("conflict", "This channel is declared in signalbox.yaml. Remove it there.")
    await tx.alertChannel.delete({ where: { id } })
    await audit(tx, ctx, {
      action: "alert.channel.remove",
      cluster: null,
      target: found.name,
      before: { kind: found.kind },
      result: "ok",
    })
  })
}

/**
 * Sends a test notification, and returns what the receiver answered. One that is taken ends what failed before: what waits
 * is delivered now.
 */
export async function tryChannel(
  ctx: Context,
  { id }: z.output<typeof channelInput>,
): Promise<{ answer: string }> {
  const found = await ctx.store.prisma.alertChannel.findUnique({ where: { id } })
  if (!found) throw new DomainError("not_found", "This channel is not there.")
  const channel = kindOf(found.kind)
  const settings = openSettings(ctx.vault, channel, { id, sealed: found.settings })
  const delivered = await channel.send(settings, example(ctx.now())).catch((cause: unknown) => {
    throw new DomainError("unreachable", `The test was not delivered: ${messageOf(cause)}.`, { cause })
  })
  const now = new Date(ctx.now())
  await ctx.store.prisma.$transaction([
    ctx.store.prisma.alertChannel.updateMany({
      where: { id },
      data: { deliveredAt: now, problem: null, failures: 0, failingSince: null, pausedUntil: null },
    }),
    ctx.store.prisma.alertNotification.updateMany({
      where: { channelId: id, state: "queued" },
      data: { nextAt: now },
    }),
  ])
  return delivered
}

function kindOf(kind: string): Channel {
  const channel = findChannel(kind)
  if (!channel) throw new DomainError("bad_input", `There is no channel of the kind "${kind}".`)
  return channel
}

function checked(channel: Channel, settings: unknown): unknown {
  const parsed = channel.settings.safeParse(settings)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = channel.fields.find((one) => one.name === issue?.path[0])
  throw new DomainError("bad_input", `${field ? `${field.label}: ` : ""}${issue?.message ?? "invalid"}`)
}

function example(now: number): Notification {
  const at = new Date(now).toISOString()
  return {
    version: 1,
    id: `test-${randomUUID()}`,
    at,
    kind: "test",
    status: "firing",
    severity: "info",
    title: "A test from Signalbox",
    groupLabels: {},
    groupKey: "test",
    url: "",
    alerts: [
      {
        fingerprint: `test-${randomUUID()}`,
        status: "firing",
        event: "fired",
        rule: "Test",
        severity: "info",
        sentence: "This is a test of the channel. Nothing is wrong.",
        advice: "",
        runbook: "",
        owner: "",
        labels: { alertname: "Test", severity: "info" },
        value: null,
        startsAt: at,
        endsAt: null,
        acknowledgedBy: null,
        explains: [],
        url: "",
      },
    ],
    omitted: 0,
  }
}
