import type { RouterOutputs } from "#app/trpc/types.ts"
import type { Unit } from "#app/ui/chart/prepare.ts"

/** How a chart writes the values of a signal. */
export const CHART_UNITS: Record<RouterOutputs["alerts"]["rules"]["signals"][number]["unit"], Unit> = {
  messages: "messages",
  "messages/s": "rate",
  ms: "duration",
  count: "messages",
  ratio: "ratio",
  bytes: "bytes",
  deviations: "number",
  times: "number",
  word: "number",
}
