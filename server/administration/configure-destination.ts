import { z } from "zod"
import { acting } from "#server/access/index.ts"
import type { ConfigEntry, Settings } from "#server/brokers/broker.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { readLog } from "./readers.ts"
import {
  type Administered,
  administer,
  DRY,
  describeSubject,
  REALLY,
  refusalOf,
  type Subject,
  settingsOf,
  subjectInput,
} from "./subject.ts"
import type { ConfigurePreview, SettingChange } from "./views.ts"

const change = z.object({
  name: z.string().min(1).max(200),
  /** Null: back to the default. */
  value: z.string().max(10_000).nullable(),
})

export const previewConfigureInput = subjectInput.extend({ changes: z.array(change).max(100) })

export const configureDestinationInput = subjectInput.extend({
  /** `today` is what the preview showed: when it is something else by now, nothing is changed. */
  changes: z
    .array(change.extend({ today: z.string().nullable() }))
    .min(1, "Change at least one setting.")
    .max(100),
})

/** Each named setting as it is, as it will be, and as it would be by default; with what follows from it. */
export async function previewConfigure(
  ctx: Context,
  input: z.output<typeof previewConfigureInput>,
): Promise<ConfigurePreview> {
  const to = await administer(ctx, input.cluster)
  const subject = await describeSubject(to, input.destination)
  const changes = input.changes.map((one) => toChange(entryOf(subject, one.name), one))
  const refusal = input.changes.length > 0 ? await refusalOf(to.admin.configure(input, DRY, to.signal)) : null
  const change = settingsBy(subject, changes)
  const deletes = refusal === null ? await deletedBy(to, subject, change) : null
  const replicas = subject.destination.partitions[0]?.replicas.length ?? null
  const warnings = to.admin.settings.warnings({ ...change, replicas })
  return { changes, refusal, deletes, warnings, problems: subject.problems }
}

/** Changes the named settings, and no other. Rejects with `conflict` when one is not what the preview showed. */
export async function configureDestination(
  ctx: Context,
  input: z.output<typeof configureDestinationInput>,
): Promise<void> {
  const to = await administer(ctx, input.cluster)
  const subject = await describeSubject(to, input.destination)
  const changes = input.changes.map((one) => toChange(entryOf(subject, one.name), one))
  for (const [i, { name, today }] of changes.entries()) {
    if (today !== input.changes[i]?.today)
      throw new DomainError("conflict", `${name} is ${today ?? "not set"} by now: look at the preview again.`)
  }
  const wanted = {
    destination: input.destination,
    changes: input.changes.map(({ name, value }) => ({ name, value })),
  }
  const act = {
    action: "destination.configure",
    target: input.destination,
    cluster: input.cluster,
    before: Object.fromEntries(changes.map((one) => [one.name, one.today])),
    after: Object.fromEntries(changes.map((one) => [one.name, one.next])),
  }
  await acting(ctx, act, () => to.admin.configure(wanted, REALLY, to.signal))
}

function entryOf(subject: Subject, name: string): ConfigEntry {
  if (!subject.config)
    throw new DomainError("unreachable", subject.problems[0]?.message ?? "The settings could not be read.")
  const entry = subject.config.entries.find((one) => one.name === name)
  if (!entry) throw new DomainError("bad_input", `There is no setting ${name}.`)
  if (entry.sensitive || entry.readOnly) throw new DomainError("bad_input", `${name} cannot be set here.`)
  return entry
}

function toChange(entry: ConfigEntry, wanted: { name: string; value: string | null }): SettingChange {
  return {
    name: entry.name,
    today: entry.value,
    source: entry.source,
    default: entry.default,
    next: wanted.value ?? entry.default,
    isTakenBack: wanted.value === null,
  }
}

/** The settings as they are, and as they will be. */
function settingsBy(
  subject: Subject,
  changes: readonly SettingChange[],
): { before: Settings; after: Settings } {
  const before = settingsOf(subject)
  return { before, after: new Map([...before, ...changes.map(({ name, next }) => [name, next] as const)]) }
}

/** Messages that the brokers delete as soon as they look, because they need not be kept any longer. */
async function deletedBy(
  { admin, broker, signal }: Administered,
  subject: Subject,
  change: { before: Settings; after: Settings },
): Promise<number | null> {
  const age = admin.settings.deletesOlderThan(change)
  if (age === null || !broker.offsets) return null
  const { name, partitions } = subject.destination
  const timestamp = Date.now() - age
  const asked = partitions.map(({ index }) => ({ destination: name, partition: index, timestamp }))
  const [{ log }, { found, problems }] = await Promise.all([
    readLog({ broker, signal }, name),
    broker.offsets.atTime(asked, signal),
  ])
  if (!log || problems.length > 0) return null
  let sum = 0n
  for (const { partition, offset } of found) {
    const start = log.starts[partition] ?? null
    // No message is that young: all of them go.
    const first = offset ?? log.ends[partition] ?? null
    if (start === null || first === null) return null
    if (first > start) sum += first - start
  }
  return Number(sum)
}
