import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { z } from "zod"
import { findAlertmanager } from "#scripts/setup/programs.mjs"
import { freePort } from "#scripts/stack/ports.ts"
import { startServer } from "#scripts/stack/process.ts"

const listed = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    startsAt: z.string(),
    endsAt: z.string(),
    generatorURL: z.string().optional(),
    status: z.object({ state: z.enum(["active", "suppressed", "unprocessed"]) }),
  }),
)

export type Listed = z.output<typeof listed>[number]

export interface Alertmanager extends AsyncDisposable {
  readonly url: string
  /** The alerts that it holds for firing, by the label `group`. */
  alerts(): Promise<Listed[]>
  /** Silences what has this label for an hour. */
  silence(name: string, value: string): Promise<void>
}

/** The program to start; null: it is not installed, and the tests that need it are skipped. */
export const program: string | null = findAlertmanager()

/** A real Alertmanager, alone, with a receiver that tells nobody. */
export async function startAlertmanager(): Promise<Alertmanager> {
  await using started = new AsyncDisposableStack()
  const home = await mkdtemp(path.join(tmpdir(), "signalbox-alertmanager-"))
  started.defer(() => rm(home, { recursive: true, force: true }))
  const config = path.join(home, "config.yml")
  await writeFile(config, "route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n")
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  started.use(
    await startServer({
      name: "Alertmanager",
      command: program ?? "alertmanager",
      args: [
        ...[`--config.file=${config}`, `--storage.path=${path.join(home, "data")}`],
        ...[`--web.listen-address=127.0.0.1:${port}`, "--cluster.listen-address="],
      ],
      ready: async () => (await fetch(`${url}/-/ready`).catch(() => null))?.ok === true,
    }),
  )
  const owned = started.move()
  return {
    url,
    alerts: async () => {
      const answer = await fetch(`${url}/api/v2/alerts`)
      const all = listed.parse(await answer.json())
      return all.toSorted((a, b) => (a.labels.group ?? "").localeCompare(b.labels.group ?? ""))
    },
    silence: async (name, value) => {
      const from = Date.now()
      const answer = await fetch(`${url}/api/v2/silences`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          matchers: [{ name, value, isRegex: false, isEqual: true }],
          startsAt: new Date(from).toISOString(),
          endsAt: new Date(from + 3_600_000).toISOString(),
          createdBy: "test",
          comment: "test",
        }),
      })
      if (!answer.ok) throw new Error(`Alertmanager took no silence: ${await answer.text()}`)
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
