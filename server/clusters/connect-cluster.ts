import { z } from "zod"
import { audit } from "#server/access/index.ts"
import type { BrokerSystem, ProbeStep } from "#server/brokers/system.ts"
import { findSystem, systems } from "#server/brokers/systems.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { slugOf } from "./config-file.ts"
import { environment, readCluster, slug } from "./rows.ts"
import { sealConnection } from "./targets.ts"

const connection = z.record(z.string(), z.unknown())

export const testInput = z.object({ system: z.string(), connection })
export const connectInput = z.object({
  name: z.string().trim().min(1).max(80),
  system: z.string(),
  environment,
  connection,
})
export const removeInput = z.object({ cluster: slug, confirm: z.string() })

/** What the connection form is made of, per system. */
export function listSystems() {
  return Object.values(systems).map(({ id, name, words, icon, fields }) => ({
    id,
    name,
    words,
    icon,
    fields,
  }))
}

/** Tries a connection without storing it. Input that is not valid is the first thing it tells. */
export async function testConnection(_ctx: Context, input: z.output<typeof testInput>): Promise<ProbeStep[]> {
  const system = knownSystem(input.system)
  return system.probe(parseConnection(system, input.connection), AbortSignal.timeout(20_000))
}

/** Stores a cluster; collectors find it within seconds. Returns its slug. */
export async function connectCluster(
  ctx: Context,
  input: z.output<typeof connectInput>,
): Promise<{ cluster: string }> {
  parseConnection(knownSystem(input.system), input.connection)
  const slug = slugOf(input.name)
  const taken = await ctx.store.prisma.cluster.findUnique({ where: { slug }, select: { name: true } })
  if (taken)
    throw new DomainError("conflict", `There is already a cluster "${taken.name}": choose another name.`)
  await ctx.store.prisma.$transaction(async (tx) => {
    const sealed = sealConnection(ctx.vault, slug, input.connection)
    const { name, system, environment = null } = input
    await tx.cluster.create({
      data: { slug, name, system, environment, source: "page", connection: sealed },
    })
    await audit(tx, ctx, {
      action: "cluster.connect",
      target: slug,
      cluster: slug,
      after: { name, system, environment },
      result: "ok",
    })
  })
  return { cluster: slug }
}

/** Forgets a cluster and its history. The cluster itself is not touched. */
export async function removeCluster(ctx: Context, input: z.output<typeof removeInput>): Promise<void> {
  const row = await readCluster(ctx, input.cluster)
  if (row.source === "file") {
    throw new DomainError(
      "conflict",
      "This cluster comes from signalbox.yaml: take it out of the file and start again.",
    )
  }
  if (input.confirm !== row.name)
    throw new DomainError("bad_input", `Type the name "${row.name}" to confirm.`)
  await ctx.store.prisma.$transaction(async (tx) => {
    await tx.cluster.delete({ where: { id: row.id } })
    await audit(tx, ctx, {
      action: "cluster.remove",
      target: row.slug,
      cluster: row.slug,
      before: { name: row.name, system: row.system },
      result: "ok",
    })
  })
}

/** The system of this id. Rejects with `bad_input`. */
export function knownSystem(id: string): BrokerSystem {
  const system = findSystem(id)
  if (!system) throw new DomainError("bad_input", `Signalbox does not know the system "${id}".`)
  return system
}

/** A connection as its system takes it. Rejects with `bad_input`, naming what is wrong. */
export function parseConnection(system: BrokerSystem, connection: unknown): unknown {
  const parsed = system.connection.safeParse(connection)
  if (parsed.success) return parsed.data
  const words = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join(" ")
  throw new DomainError("bad_input", words)
}
