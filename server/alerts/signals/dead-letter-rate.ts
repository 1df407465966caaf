import { readFailures } from "./failures.ts"
import type { ClusterSignal } from "./signal.ts"

const WINDOW_SECONDS = 300

export const deadLetterRate: ClusterSignal = {
  of: "cluster",
  id: "dead-letter-rate",
  label: "Dead-letter rate",
  unit: "messages/s",
  subject: "failure",
  help: "Dead letters per second of a failure group, over the last five minutes.",
  suggested: { op: ">", threshold: 1 },
  sentence: "{{ value }} of {{ destination }} fail with {{ exception }}.",
  read: async (round) => {
    const failures = await readFailures(round)
    return failures.map(({ series, recent }) => ({ series, value: recent / WINDOW_SECONDS }))
  },
}
