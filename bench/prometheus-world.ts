import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { freePort } from "#scripts/stack/ports.ts"
import { startServer } from "#scripts/stack/process.ts"
import { until } from "#test/until.ts"
import { findProgram } from "../scripts/setup/run.mjs"

/** Scrapes and evaluations, so many seconds apart: as a real one is, but quicker, since what counts is CPU per round. */
const EVERY_S = 2
const ROUNDS = 60
const WARM_UP_ROUNDS = 10

/** The same five rules as the bench evaluates in Signalbox, without a threshold to clear: Prometheus has none. */
const RULES = {
  Lag: "group_lag > 9000",
  TimeLag: "group_time_lag_ms > 300000",
  Stopped: "group_stopped == 1",
  Lost: "group_lost > 0",
  Members: "group_members < 1",
}

export interface PrometheusCost {
  version: string
  rounds: number
  /** CPU of the whole process in one round of scraping and storing, and of that with the rules evaluated, ms. */
  scrapeCpuMs: number
  withRulesCpuMs: number
  /** What Prometheus itself says of its evaluations: wall time of a round, ms. */
  evaluationMs: number
}

/**
 * A real Prometheus that scrapes `exposition(round)` and evaluates the rules; null: none is installed. It runs once without
 * the rules and once with them: the difference is what they cost.
 */
export async function measurePrometheus(
  exposition: (round: number) => string,
): Promise<PrometheusCost | null> {
  const program = findProgram(["prometheus"])
  if (program === null) return null
  const scraped = await run(program, exposition, {})
  const evaluated = await run(program, exposition, RULES)
  return {
    version: evaluated.version,
    rounds: ROUNDS,
    scrapeCpuMs: scraped.cpuMs,
    withRulesCpuMs: evaluated.cpuMs,
    evaluationMs: evaluated.evaluationMs,
  }
}

async function run(
  program: string,
  exposition: (round: number) => string,
  rules: Readonly<Record<string, string>>,
): Promise<{ version: string; cpuMs: number; evaluationMs: number }> {
  await using held = new AsyncDisposableStack()
  const home = await mkdtemp(path.join(tmpdir(), "signalbox-prometheus-"))
  held.defer(() => rm(home, { recursive: true, force: true }))
  let round = 0
  const target = createServer((_, response) => {
    round += 1
    response.setHeader("content-type", "text/plain; version=0.0.4").end(exposition(round))
  })
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve))
  held.defer(() => {
    target.closeAllConnections()
    target.close()
  })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  await configure(home, { target: (target.address() as AddressInfo).port, rules })
  held.use(
    await startServer({
      name: "Prometheus",
      command: program,
      args: [
        ...[`--config.file=${home}/prometheus.yml`, `--storage.tsdb.path=${home}/data`],
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      ready: async () => (await fetch(`${url}/-/ready`).catch(() => null))?.ok === true,
    }),
  )
  const reached = (wanted: number) =>
    until(
      `it has scraped ${wanted} times`,
      () => round >= wanted,
      (ROUNDS + WARM_UP_ROUNDS) * EVERY_S * 10_000,
    )
  await reached(WARM_UP_ROUNDS)
  const [first, before] = [round, await metricsOf(url)]
  await reached(first + ROUNDS)
  const after = await metricsOf(url)
  const took = (name: string) => ((after.get(name) ?? 0) - (before.get(name) ?? 0)) * 1000
  const evaluations =
    (after.get("prometheus_rule_group_iterations_total") ?? 0) -
    (before.get("prometheus_rule_group_iterations_total") ?? 0)
  return {
    version: after.version,
    cpuMs: Math.round(took("process_cpu_seconds_total") / ROUNDS),
    evaluationMs: Math.round(took("prometheus_rule_group_duration_seconds_sum") / Math.max(1, evaluations)),
  }
}

async function configure(
  home: string,
  { target, rules }: { target: number; rules: Readonly<Record<string, string>> },
): Promise<void> {
  const listed = Object.entries(rules).map(
    ([alert, expr]) =>
      `      - { alert: ${alert}, expr: "${expr}"${alert === "TimeLag" ? ", for: 2m" : ""} }\n`,
  )
  const groups =
    listed.length === 0 ? "groups: []\n" : `groups:\n  - name: bench\n    rules:\n${listed.join("")}`
  await writeFile(path.join(home, "rules.yml"), groups)
  await writeFile(
    path.join(home, "prometheus.yml"),
    `global: { scrape_interval: ${EVERY_S}s, evaluation_interval: ${EVERY_S}s }
rule_files: [rules.yml]
scrape_configs:
  - job_name: signalbox
    static_configs: [{ targets: ["127.0.0.1:${target}"] }]
`,
  )
}

/** The samples of its own metrics, those of all labels summed. */
async function metricsOf(url: string): Promise<Map<string, number> & { version: string }> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const sums = new Map<string, number>()
  for (const [, name = "", value = ""] of text.matchAll(/^([a-z_]+)(?:\{[^\n]*\})? ([0-9.e+-]+)$/gm))
    sums.set(name, (sums.get(name) ?? 0) + Number(value))
  const version = /prometheus_build_info\{[^\n]*version="([^"]+)"/.exec(text)?.[1] ?? "unknown"
  return Object.assign(sums, { version })
}
