import { z } from "zod"
import { acting } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { lookAt, lookBefore } from "./look-at.ts"
import { messagesOf, readersOf } from "./readers.ts"
import { bytesOf, confirmed, internalRefusal, subjectInput } from "./subject.ts"
import type { DeletePreview } from "./views.ts"

export const previewDeleteInput = subjectInput
/** `uid` is that of the preview. */
export const deleteDestinationInput = subjectInput.extend({ uid: z.string().nullable(), ...confirmed })

/** What is lost with the destination, and who reads it. */
export async function previewDelete(
  ctx: Context,
  input: z.output<typeof previewDeleteInput>,
): Promise<DeletePreview> {
  const { to, subject, log, problems } = await lookAt(ctx, input, { config: false })
  const readers = await readersOf(to, log)
  return {
    uid: subject.destination.uid,
    partitions: subject.destination.partitions.length,
    messages: messagesOf(log),
    bytes: bytesOf(subject.destination),
    refusal: internalRefusal(subject),
    ...readers,
    problems: [...problems, ...readers.problems],
  }
}

/** Deletes the destination with all that is in it. There is no way back. */
export async function deleteDestination(
  ctx: Context,
  input: z.output<typeof deleteDestinationInput>,
): Promise<void> {
  const { to, subject, log } = await lookBefore(ctx, input, (looked) => internalRefusal(looked.subject))
  const { destination, config } = subject
  const settings = config?.entries.filter((entry) => entry.isOverride && !entry.sensitive) ?? []
  const act = {
    action: "destination.delete",
    target: input.destination,
    cluster: input.cluster,
    before: {
      uid: destination.uid,
      partitions: destination.partitions.length,
      replicas: destination.partitions[0]?.replicas.length ?? null,
      messages: messagesOf(log),
      settings: Object.fromEntries(settings.map((entry) => [entry.name, entry.value])),
    },
  }
  await acting(ctx, act, () => to.admin.deleteDestination(input.destination, to.signal))
}
