import { z } from "zod"
import type {
  Admin,
  Broker,
  Destination,
  DestinationConfig,
  Problem,
  Settings,
} from "#server/brokers/broker.ts"
import { openBroker, slug } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError, isDomainError } from "#server/errors.ts"
import { brokerName } from "#server/inputs.ts"

/** An act may wait for the brokers so long, in ms. */
const DEADLINE_MS = 20_000

export const DRY = { dryRun: true } as const
export const REALLY = { dryRun: false } as const

export const subjectInput = z.object({ cluster: slug, destination: brokerName })

/** What cannot be undone is done only where its name was typed. */
export const confirmed = { confirm: z.string() }

/** A cluster that can be administered. Rejects with `unsupported` where the connection cannot. */
export interface Administered {
  ctx: Context
  cluster: string
  broker: Broker
  admin: Admin
  signal: AbortSignal
}

export async function administer(ctx: Context, cluster: string): Promise<Administered> {
  const broker = await openBroker(ctx, cluster)
  if (!broker.admin) throw new DomainError("unsupported", "Signalbox cannot administer this cluster.")
  return { ctx, cluster, broker, admin: broker.admin, signal: AbortSignal.timeout(DEADLINE_MS) }
}

export interface Subject {
  destination: Destination
  config: DestinationConfig | null
  problems: Problem[]
}

/** The destination as it is now. Rejects with `not_found`. */
export async function describeSubject(
  { broker, signal }: Administered,
  name: string,
  options: { config: boolean } = { config: true },
): Promise<Subject> {
  const scope = { destinations: [name], ...(options.config ? { configs: [name] } : {}) }
  const described = await broker.describe(scope, signal)
  const destination = described.destinations[0]
  if (!destination) {
    const missing = described.problems.find((one) => one.code === "not_found")
    if (missing || described.problems.length === 0)
      throw new DomainError("not_found", missing?.message ?? `${name} does not exist.`)
    throw new DomainError("unreachable", described.problems[0]?.message ?? `${name} could not be read.`)
  }
  return { destination, config: described.configs[0] ?? null, problems: described.problems }
}

/** The settings of a destination by name; empty where they could not be read. */
export function settingsOf(subject: Subject): Settings {
  return new Map(subject.config?.entries.map((entry) => [entry.name, entry.value]))
}

/** Bytes of one copy of all partitions; null as soon as one of them is unknown. */
export function bytesOf(destination: Destination): number | null {
  let sum = 0n
  for (const { bytes } of destination.partitions) {
    if (bytes === null) return null
    sum += bytes
  }
  return Number(sum)
}

const REFUSALS = new Set(["bad_input", "conflict", "not_found", "refused_by_broker", "unsupported"])

/** What a dry run says against an act; null: nothing. A broker that does not answer is no refusal, and is thrown. */
export async function refusalOf(dryRun: Promise<void>): Promise<string | null> {
  try {
    await dryRun
    return null
  } catch (error) {
    if (isDomainError(error) && REFUSALS.has(error.code)) return error.message
    throw error
  }
}

/** Rejects with `bad_input` unless the name was typed as it is. */
export function mustBeTyped(typed: string, name: string): void {
  if (typed !== name) throw new DomainError("bad_input", `Type the name "${name}" to confirm.`)
}

/** Internal destinations hold the brokers' own state: nobody empties or deletes them from here. */
export function internalRefusal({ destination }: Subject): string | null {
  return destination.internal
    ? `${destination.name} is internal: the brokers keep their own state in it.`
    : null
}

/** Rejects with `conflict` where the destination is another one than was looked at. */
export function mustBeSame({ destination }: Subject, uid: string | null): void {
  if (destination.uid === uid) return
  throw new DomainError(
    "conflict",
    `${destination.name} was deleted and created again since the preview: look at it again.`,
  )
}
