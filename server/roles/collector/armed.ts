import { setTimeout as sleep } from "node:timers/promises"
import type { Context } from "#server/context.ts"
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
  while (!signal.aborted) {
    await applyArmed(ctx, { id: target.clusterId, slug: target.slug }).catch((error: unknown) => {
      log.warn({ cluster: target.slug, err: error }, "armed plans cannot be looked for; trying again")
    })
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
  }
}
