import { messageOf } from "#server/errors.ts"
import type { ProbeStep } from "../system.ts"
import { KafkaClient } from "./client.ts"
import { bootstrapAddresses, type KafkaConnection } from "./connection.ts"
import { probeNames, probeTcp } from "./probe-network.ts"
import { probeAuthorisation, probeVersion } from "./probe-rights.ts"
import { type Finding, type ProbeRun, STEP_MS } from "./probe-run.ts"
import { probeSasl } from "./probe-sasl.ts"
import { probeTls } from "./probe-tls.ts"

type Step = ProbeStep["step"]
type Work = (run: ProbeRun, signal: AbortSignal) => Promise<Finding>

/** In the order in which they are tried. */
const STEPS: readonly [Step, Work][] = [
  ["dns", probeNames],
  ["tcp", probeTcp],
  ["tls", probeTls],
  ["sasl", probeSasl],
  ["version", probeVersion],
  ["authorisation", probeAuthorisation],
]

/** Tries a connection step by step: name, TCP, TLS, SASL, version, authorisation. */
export async function probeKafka(connection: KafkaConnection, signal: AbortSignal): Promise<ProbeStep[]> {
  await using client = new KafkaClient(connection, "signalbox-probe")
  const run: ProbeRun = { connection, client, addresses: bootstrapAddresses(connection), answering: [] }
  const steps: ProbeStep[] = []
  for (const [step, work] of STEPS) {
    const stopped = steps.some((done) => done.result === "failed")
    if (stopped) steps.push({ step, result: "skipped", message: "Not tried.", ms: 0 })
    else steps.push({ step, ...(await tryStep(run, work, signal)) })
  }
  return steps
}

async function tryStep(run: ProbeRun, work: Work, signal: AbortSignal): Promise<Omit<ProbeStep, "step">> {
  const began = performance.now()
  const ms = () => Math.round(performance.now() - began)
  try {
    const found = await work(run, AbortSignal.any([signal, AbortSignal.timeout(STEP_MS)]))
    if (typeof found === "string") return { result: "ok", message: found, ms: ms() }
    return { result: "warning", message: found.warning, ms: ms() }
  } catch (error) {
    const reason = typeof error === "string" ? error : messageOf(error)
    const message = signal.aborted ? "The test was stopped before this step was done." : reason
    return { result: "failed", message, ms: ms() }
  }
}
