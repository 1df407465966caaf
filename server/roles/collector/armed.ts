import type { Context } from "#server/context.ts"
import { every } from "#server/every.ts"
import { applyArmed } from "#server/offsets/index.ts"
import type { LoopParts } from "./loop.ts"

const LOOK_EVERY_MS = 2000

/** Applies the armed offset plans of a cluster whose lease is held, until the signal aborts. */
export async function keepArmed(
  parts: Pick<LoopParts, "store" | "connections" | "target" | "log"> & Pick<Context, "vault">,
  signal: AbortSignal,
): Promise<void> {
  const { store, vault, connections, log, target } = parts
  const ctx: Context = { store, vault, connections, log, actor: { kind: "system" }, now: Date.now }
  const look = () =>
    applyArmed(ctx, { id: target.clusterId, slug: target.slug }).catch((error: unknown) => {
      log.warn({ cluster: target.slug, err: error }, "cannot look for armed plans; trying again")
    })
  await every(LOOK_EVERY_MS, look, signal)
}
