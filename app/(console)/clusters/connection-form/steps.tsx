import { duration } from "#app/ui/format.ts"
import { type Look, Mark } from "#app/ui/mark.tsx"
import type { ProbeStep } from "#server/brokers/system.ts"

const NAMES: Record<ProbeStep["step"], string> = {
  dns: "Name resolution",
  tcp: "TCP connection",
  tls: "TLS",
  sasl: "Authentication",
  version: "Version",
  authorisation: "Authorisation",
}

const RESULTS: Record<ProbeStep["result"], Look & { word: string }> = {
  ok: { shape: "check", word: "ok", tone: "good" },
  failed: { shape: "cross", word: "failed", tone: "bad" },
  warning: { shape: "triangle", word: "warning", tone: "warn" },
  skipped: { shape: "ring", word: "skipped", tone: "quiet" },
}

/** What the connection test found, step by step. */
export function Steps(props: { steps: ProbeStep[] }) {
  return (
    <ol className="steps" aria-label="Connection test">
      {props.steps.map((step) => {
        const result = RESULTS[step.result]
        return (
          <li key={step.step}>
            <span>
              <Mark look={result}>{result.word}</Mark>
            </span>
            <strong>{NAMES[step.step]}</strong>
            <span>{step.message}</span>
            <span className="quiet num">{step.result === "skipped" ? "" : duration(step.ms)}</span>
          </li>
        )
      })}
    </ol>
  )
}
