import { z } from "zod"
import { text } from "#server/inputs.ts"
import { formatValue } from "../format.ts"
import { labelsOf } from "../labels.ts"
import type { Value } from "../machine.ts"
import { labels } from "../matcher.ts"
import type { Rule } from "../rule.ts"
import { findSignal } from "../signals/index.ts"
import type { Signal } from "../signals/signal.ts"
import { parseTemplate } from "../template.ts"
import { type RuleProblem, readRule } from "./check-rule.ts"

export const previewRuleInput = z.object({
  rule: z.unknown(),
  /** What the message is shown for; absent: an example. */
  sample: z
    .object({
      cluster: text(100).nullable(),
      labels,
      value: z.union([z.number(), text(100), z.null()]),
    })
    .optional(),
})

export interface RulePreview {
  /** Empty: it can be saved. */
  problems: (Omit<RuleProblem, "path"> & { field: string })[]
  /** What an alert would say; null: the rule has problems. */
  message: string | null
}

type Sample = { cluster: string | null; labels: Record<string, string>; value: Value }

/** What is wrong with a draft of a rule, and what its alerts would say. Reads nothing. */
export function previewRule(input: z.output<typeof previewRuleInput>): RulePreview {
  const { rule, problems } = readRule(input.rule)
  if (rule === null)
    return {
      problems: problems.map(({ path, message }) => ({ field: path.join("."), message })),
      message: null,
    }
  const signal = findSignal(rule.signal)
  return { problems: [], message: signal ? messageOf(rule, signal, input.sample ?? exampleOf(rule)) : null }
}

function messageOf(rule: Rule, signal: Signal, sample: Sample): string {
  const { condition } = rule
  const labels = sample.cluster === null ? sample.labels : { cluster: sample.cluster, ...sample.labels }
  return parseTemplate(rule.message || signal.sentence)({
    // What some signals add to it.
    sentence: "The sentence that Signalbox shows for it.",
    ...labelsOf(rule, null, { key: "", labels }),
    value: formatValue(sample.value, signal.unit),
    number: sample.value,
    threshold: formatValue(
      condition.op === "in" ? condition.values.join(", ") : condition.threshold,
      signal.unit,
    ),
    signal: signal.label,
  })
}

function exampleOf({ condition }: Rule): Sample {
  return {
    cluster: "prod-eu",
    labels: { group: "billing", destination: "orders", node: "1", exception: "InvalidAmount", failure: "1" },
    value: condition.op === "in" ? (condition.values[0] ?? null) : condition.threshold,
  }
}
