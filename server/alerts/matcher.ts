import { z } from "zod"
import { fitsName } from "#server/fits-name.ts"
import { text } from "#server/inputs.ts"
import { LABEL_NAME } from "./label-name.ts"

/** What an alert is known by: its rule, severity and cluster, the names of what it concerns, and the rule's own labels. */
export const labels = z.record(z.string(), z.string())

export type Labels = Readonly<z.output<typeof labels>>

/** A label's name, as Prometheus and Alertmanager write it. */
export const labelName = z.string().regex(LABEL_NAME, "A label is named like team_name.")

/** One condition on a label. In `=` and `!=`, `*` stands for any text; a label that is missing is the empty text. */
export const matcher = z.strictObject({
  label: labelName,
  op: z.enum(["=", "!="]),
  value: text(1000),
})

export type Matcher = z.output<typeof matcher>

export const matchers = z.array(matcher).max(20)

/** Whether all conditions hold; none at all always do. */
export function matches(all: readonly Matcher[], labels: Labels): boolean {
  return all.every(({ label, op, value }) => fitsName(value, labels[label] ?? "") === (op === "="))
}
