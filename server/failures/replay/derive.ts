import { z } from "zod"
import { openBroker } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { IN_DETAIL, lensUnder, parseTree, showMessages, type Tree } from "#server/messages/index.ts"
import { hidingIn } from "../hidden-parts.ts"
import { findLetter } from "../queries/letters.ts"
import { isEditable, readLetterInput, readRaw } from "../queries/read-letter.ts"
import { type Change, changesBetween } from "./mend.ts"

export const deriveMendInput = readLetterInput.extend({
  /** The value as somebody has edited it, as the page showed it. */
  value: z.string().max(10_000_000),
})

export interface DerivedMend {
  /** For JSON: what was changed, to be done to others too. */
  changes: Change[]
  /** For what is no JSON: the whole text. */
  value?: string
}

/**
 * What somebody has changed in the value of a dead letter. It is compared with what that person was shown, so that what
 * is masked stays as it was, unseen. Rejects with `bad_input` for what is no JSON while the old value was.
 */
export async function deriveMend(
  ctx: Context,
  input: z.output<typeof deriveMendInput>,
): Promise<DerivedMend> {
  const row = await findLetter(ctx, input.cluster, input.letter)
  const broker = await openBroker(ctx, input.cluster)
  const { dead, missing } = await readRaw(ctx, { broker, cluster: input.cluster, row })
  if (!dead) throw new DomainError("not_found", missing[0] ?? "The broker has deleted this dead letter.")
  const places = [row.destination, ...(row.original ? [row.original.destination] : [])]
  const { mask, holds } = await hidingIn(ctx, input.cluster, places)
  const [shown] = await showMessages(
    [{ partition: row.partition, message: dead }],
    lensUnder(mask, broker),
    IN_DETAIL,
  )
  if (!shown || !isEditable(shown.value, dead.value))
    throw new DomainError("bad_input", "This value is not text, or too large: it cannot be edited.")
  const before = asJson(shown.value.text)
  if (before === undefined) {
    if (holds)
      throw new DomainError("bad_input", "Parts of this value are masked. Unmask it before you edit it.")
    return { changes: [], value: input.value }
  }
  const after = asJson(input.value)
  if (after === undefined) throw new DomainError("bad_input", "This is no valid JSON.")
  return { changes: changesBetween(before, after) }
}

function asJson(text: string): Tree | undefined {
  try {
    return parseTree(text)
  } catch {
    return undefined
  }
}
