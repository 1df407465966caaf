import type { RouterOutputs } from "#app/trpc/types.ts"

type Severity = RouterOutputs["alerts"]["list"]["rows"][number]["severity"]

/** The colour of a severity, for what is drawn. */
export const SEVERITY_TONES: Record<Severity, string> = {
  critical: "var(--bad)",
  warning: "var(--warn)",
  info: "var(--notice)",
}
