import type { Context } from "#server/context.ts"
import { messageOf } from "#server/errors.ts"
import { openBroker } from "./open-broker.ts"

const PATIENCE_MS = 5000

/** What the cluster says of one destination now. Never rejects: what is stored is shown all the same. */
export async function describeNow(ctx: Context, input: { cluster: string; name: string }) {
  try {
    const broker = await openBroker(ctx, input.cluster)
    const scope = { destinations: [input.name], configs: [input.name] }
    return { described: await broker.describe(scope, AbortSignal.timeout(PATIENCE_MS)), problems: [] }
  } catch (error) {
    const message = `The cluster could not be asked: ${messageOf(error)}`
    return {
      described: null,
      problems: [{ part: { kind: "cluster" as const }, code: "unreachable", message }],
    }
  }
}
