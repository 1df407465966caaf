import type { LogBounds, Problem } from "#server/brokers/broker.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { readLog } from "./readers.ts"
import {
  type Administered,
  administer,
  describeSubject,
  mustBeSame,
  mustBeTyped,
  type Subject,
} from "./subject.ts"

export interface Looked {
  to: Administered
  subject: Subject
  /** Null: it could not be read (see problems). */
  log: LogBounds | null
  problems: Problem[]
}

interface Named {
  cluster: string
  destination: string
}

/** The destination of an act as it is now, with its log. Rejects with `not_found`. */
export async function lookAt(
  ctx: Context,
  { cluster, destination }: Named,
  options: { config: boolean } = { config: true },
): Promise<Looked> {
  const to = await administer(ctx, cluster)
  const [subject, { log, problems }] = await Promise.all([
    describeSubject(to, destination, options),
    readLog(to, destination),
  ])
  return { to, subject, log, problems: [...subject.problems, ...problems] }
}

/**
 * The same, before what cannot be undone. Rejects unless the name was typed, the destination is the one that the preview
 * showed, and nothing is said against the act.
 */
export async function lookBefore(
  ctx: Context,
  input: Named & { confirm: string; uid: string | null },
  refusalFor: (looked: Looked) => string | null,
): Promise<Looked> {
  mustBeTyped(input.confirm, input.destination)
  const looked = await lookAt(ctx, input)
  mustBeSame(looked.subject, input.uid)
  const refusal = refusalFor(looked)
  if (refusal !== null) throw new DomainError("bad_input", refusal)
  return looked
}
