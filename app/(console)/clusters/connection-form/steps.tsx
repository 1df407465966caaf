import { duration } from "#app/ui/format.ts"
import type { ProbeStep } from "#server/brokers/system.ts"

const NAMES: Record<ProbeStep["step"], string> = {
  dns: "Name resolution",
  tcp: "TCP connection",
  tls: "TLS",
  sasl: "Authentication",
  version: "Version",
  authorisation: "Authorisation",
}

const RESULTS: Record<ProbeStep["result"], { shape: string; word: string; tone: string }> = {
  ok: { shape: "✓", word: "ok", tone: "good" },
  failed: { shape: "✗", word: "failed", tone: "bad" },
  warning: { shape: "▲", word: "warning", tone: "warn" },
  skipped: { shape: "○", word: "skipped", tone: "quiet" },
}

/** What the connection test found, step by step. */
export function Steps(props: { steps: ProbeStep[] }) {
  return (
    <ol className="steps" aria-label="Connection test">
      {props.steps.map((step) => {
        const { shape, word, tone } = RESULTS[step.result]
        return (
          <li key={step.step}>
            <span className={`status ${tone}`}>
              <span aria-hidden="true">{shape}</span> {word}
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
