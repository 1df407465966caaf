import { z } from "zod"
import { audit } from "#server/access/index.ts"
import { type FormValues, isSecret, newReceivers, shownFields } from "#server/brokers/form.ts"
import type { BrokerSystem, ConnectionField, ProbeStep } from "#server/brokers/system.ts"
import type { Context } from "#server/context.ts"
import { clusterNotFound, DomainError, isDomainError } from "#server/errors.ts"
import { isMoment } from "#server/moment.ts"
import { knownSystem, parseConnection } from "./connect-cluster.ts"
import { environment as environmentInput, slug } from "./rows.ts"
import { openConnection, sealConnection } from "./targets.ts"
import type { StoredConnection } from "./views.ts"

export const connectionInput = z.object({ cluster: slug })

/** A secret that is left out or empty stays as it is stored; null forgets it. */
const connection = z.record(z.string(), z.unknown())

export const testStoredInput = z.object({ cluster: slug, connection })

export const updateInput = z.object({
  cluster: slug,
  name: z.string().trim().min(1).max(80),
  environment: environmentInput,
  connection,
  /** Of what was shown when the form was opened: `StoredConnection.revision`. */
  revision: z
    .string()
    .regex(/^\d+$/)
    .refine((ms) => isMoment(Number(ms)), "No revision: take it from what the form was opened with."),
})

/** The connection of a cluster as a form shows it. Secrets stay here: only which there are is told. */
export async function getConnection(
  ctx: Context,
  input: z.output<typeof connectionInput>,
): Promise<StoredConnection> {
  const { row, system, stored, unreadable } = await readStored(ctx, input.cluster)
  return {
    name: row.name,
    system: system.id,
    source: row.source === "file" ? "file" : "page",
    environment: row.environment,
    values: openValues(system.fields, stored),
    secrets: keptSecrets(system.fields, stored),
    unreadable,
    revision: revisionOf(row),
  }
}

/** Tries what is in the form, with the stored secrets where it has none. */
export async function testStored(
  ctx: Context,
  input: z.output<typeof testStoredInput>,
): Promise<ProbeStep[]> {
  const { system, stored } = await readStored(ctx, input.cluster)
  const merged = merge(system.fields, stored, input.connection)
  return system.probe(parseConnection(system, merged), AbortSignal.timeout(20_000))
}

/**
 * Stores the connection of a cluster. Collectors and pages open it anew within seconds. Rejects with `conflict` when the
 * cluster comes from a file, or was changed since the form was opened.
 */
export async function updateCluster(ctx: Context, input: z.output<typeof updateInput>): Promise<void> {
  const { row, system, stored } = await readStored(ctx, input.cluster)
  if (row.source === "file") throw new DomainError("conflict", FROM_FILE)
  const merged = merge(system.fields, stored, input.connection)
  parseConnection(system, merged)
  const environment = input.environment === undefined ? row.environment : input.environment
  await ctx.store.prisma.$transaction(async (tx) => {
    const { count } = await tx.cluster.updateMany({
      where: { id: row.id, updatedAt: new Date(Number(input.revision)) },
      data: {
        name: input.name,
        environment,
        connection: sealConnection(ctx.vault, row.slug, merged),
      },
    })
    if (count === 0) throw new DomainError("conflict", CHANGED)
    await audit(tx, ctx, {
      action: "cluster.edit",
      cluster: row.slug,
      target: row.slug,
      before: told(system.fields, row, stored),
      after: {
        ...told(system.fields, { name: input.name, environment }, merged),
        newSecrets: changed(system.fields, stored, merged),
      },
      result: "ok",
    })
  })
}

const FROM_FILE = "This cluster comes from signalbox.yaml: change it there and start Signalbox again."
const CHANGED =
  "Somebody else changed this connection meanwhile. Load the page again, then repeat your change."

interface Stored {
  row: {
    id: number
    slug: string
    name: string
    source: string
    environment: string | null
    updatedAt: Date
  }
  system: BrokerSystem
  stored: FormValues
  /** Why what is stored could not be opened; null: it could. */
  unreadable: string | null
}

async function readStored(ctx: Context, name: string): Promise<Stored> {
  const row = await ctx.store.prisma.cluster.findUnique({
    where: { slug: name },
    select: {
      id: true,
      slug: true,
      name: true,
      system: true,
      source: true,
      environment: true,
      connection: true,
      updatedAt: true,
    },
  })
  if (!row) throw clusterNotFound(name)
  const system = knownSystem(row.system)
  try {
    const stored = openConnection(ctx.vault, row.slug, row.connection) as FormValues
    return { row, system, stored, unreadable: null }
  } catch (error) {
    if (!isDomainError(error)) throw error
    return { row, system, stored: {}, unreadable: error.message }
  }
}

/** What was typed, and the stored secrets of the fields that were left empty. */
function merge(fields: readonly ConnectionField[], stored: FormValues, typed: FormValues): FormValues {
  const filled = Object.entries(typed).filter(([, value]) => value !== null && value !== "")
  const merged: Record<string, unknown> = Object.fromEntries(filled)
  const kept = shownFields(fields, merged).filter(
    (field) =>
      isSecret(field) && stored[field.name] && typed[field.name] !== null && merged[field.name] === undefined,
  )
  const receivers = kept.length > 0 ? newReceivers(fields, stored, merged) : []
  if (receivers.length > 0) {
    const secrets = kept.map((field) => field.label).join(", ")
    throw new DomainError(
      "bad_input",
      `You changed “${receivers.join("”, “")}”: type ${secrets} again, since it would be used there.`,
    )
  }
  for (const { name } of kept) merged[name] = stored[name]
  return merged
}

/** Only fields that the system names and that are no secrets: what else may be stored stays here. */
function openValues(fields: readonly ConnectionField[], stored: FormValues): StoredConnection["values"] {
  const open = fields.flatMap((field) => {
    const value = stored[field.name]
    if (isSecret(field) || value === undefined || value === null) return []
    return [[field.name, toFormValue(value)] as const]
  })
  return Object.fromEntries(open)
}

function toFormValue(value: unknown): string | boolean {
  if (typeof value === "boolean") return value
  return Array.isArray(value) ? value.join(", ") : String(value)
}

function keptSecrets(fields: readonly ConnectionField[], stored: FormValues): string[] {
  return fields.filter((field) => isSecret(field) && stored[field.name]).map((field) => field.name)
}

function told(
  fields: readonly ConnectionField[],
  { name, environment: word }: { name: string; environment: string | null },
  stored: FormValues,
) {
  return {
    name,
    environment: word,
    connection: openValues(fields, stored),
    secrets: keptSecrets(fields, stored),
  }
}

function changed(fields: readonly ConnectionField[], before: FormValues, after: FormValues): string[] {
  return keptSecrets(fields, after).filter((name) => before[name] !== after[name])
}

function revisionOf(row: { updatedAt: Date }): string {
  return String(row.updatedAt.getTime())
}
