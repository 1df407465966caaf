import type { RouterOutputs } from "#app/trpc/types.ts"

type Severity = RouterOutputs["alerts"]["list"]["rows"][number]["severity"]

const LOOKS = {
  critical: { shape: "✕", tone: "bad" },
  warning: { shape: "▲", tone: "warn" },
  info: { shape: "●", tone: "quiet" },
} satisfies Record<Severity, { shape: string; tone: string }>

/** A word and a shape, then a colour. */
export function SeverityMark({ severity }: { severity: Severity }) {
  const { shape, tone } = LOOKS[severity]
  return (
    <span className={`status ${tone}`}>
      <span aria-hidden="true">{shape}</span> {severity}
    </span>
  )
}
