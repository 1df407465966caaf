import { FAILURE_STATES } from "#server/failures/index.ts"
import { readFailures } from "./failures.ts"
import type { ClusterSignal } from "./signal.ts"

export const failureState: ClusterSignal = {
  of: "cluster",
  id: "failure-state",
  label: "Failure group state",
  unit: "word",
  subject: "failure",
  help: "Whether a failure group is open, regressed, resolved or ignored.",
  words: FAILURE_STATES,
  drawnAs: "dead-letter-rate",
  suggested: { op: "in", values: ["open", "regressed"] },
  sentence: "Messages of {{ destination }} fail with {{ exception }}; the failure group is {{ value }}.",
  read: async (round) => {
    const failures = await readFailures(round)
    return failures.map(({ series, state }) => ({ series, value: state }))
  },
}
