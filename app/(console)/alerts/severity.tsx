import type { RouterOutputs } from "#app/trpc/types.ts"
import { type Look, Mark } from "#app/ui/mark.tsx"

type Severity = RouterOutputs["alerts"]["list"]["rows"][number]["severity"]

/** How each severity looks wherever it is shown. */
export const SEVERITY_LOOKS: Record<Severity, Look> = {
  critical: { shape: "cross", tone: "bad" },
  warning: { shape: "triangle", tone: "warn" },
  info: { shape: "dot", tone: "notice" },
}

/** A word and a shape, then a colour. */
export function SeverityMark({ severity, on }: { severity: Severity; on?: "solid" }) {
  return (
    <Mark look={SEVERITY_LOOKS[severity]} {...(on ? { on } : {})}>
      {severity}
    </Mark>
  )
}
