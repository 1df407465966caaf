import { every } from "#server/every.ts"
import { type ReplayParts, runReplay } from "./run.ts"

const LOOK_EVERY_MS = 1000

/** Runs every replay of the cluster that is to run, and tidies up after those that were cancelled, until the signal aborts. */
export async function runReplays(parts: ReplayParts, signal: AbortSignal): Promise<void> {
  const running = new Map<string, Promise<void>>()
  const look = async () => {
    try {
      const jobs = await parts.store.prisma.replayJob.findMany({
        where: {
          clusterId: parts.cluster.id,
          OR: [{ state: "running" }, { state: { in: ["cancelled", "done"] }, finishedAt: null }],
        },
        select: { id: true },
      })
      for (const { id } of jobs) {
        if (running.has(id)) continue
        const ended = runReplay(parts, id, signal)
          .catch((error: unknown) => parts.log.error({ replay: id, err: error }, "replay ended"))
          .finally(() => running.delete(id))
        running.set(id, ended)
      }
    } catch (error) {
      if (!signal.aborted) parts.log.warn({ err: error }, "cannot look for replays; trying again")
    }
  }
  await every(LOOK_EVERY_MS, look, signal)
  await Promise.all(running.values())
}
