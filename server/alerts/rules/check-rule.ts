import type { z } from "zod"
import { type Condition, type Rule, rule as ruleSchema, type Scope } from "../rule.ts"
import { findSignal, SIGNALS } from "../signals/index.ts"
import { PLACE_LABELS, type Signal, SUBJECT_LABELS } from "../signals/signal.ts"
import { templateProblem } from "../template.ts"

/** What is wrong with a rule: where, and what to do about it. */
export interface RuleProblem {
  path: PropertyKey[]
  message: string
}

/** A rule that can be evaluated: what its schema cannot know, its signal does. For whatever people write. */
export const checkedRule = ruleSchema.superRefine((rule, report) => {
  for (const { path, message } of ruleProblems(rule)) report.addIssue({ code: "custom", path, message })
})

/** What is wrong with a rule that fits its schema. */
export function ruleProblems(rule: Rule): RuleProblem[] {
  const signal = findSignal(rule.signal)
  const template = messageProblems(rule.message)
  if (!signal) return [unknownSignal(rule.signal), ...template]
  return [
    ...conditionProblems(rule.condition, signal),
    ...scopeProblems(rule.scope, signal),
    ...labelProblems(rule, signal),
    ...template,
  ]
}

function unknownSignal(id: string): RuleProblem {
  const known = SIGNALS.map((one) => one.id).join(", ")
  return { path: ["signal"], message: `There is no signal "${id}". Choose one of: ${known}.` }
}

function conditionProblems(condition: Condition, { label, unit, words = [] }: Signal): RuleProblem[] {
  if (condition.op === "in") {
    if (unit !== "word")
      return [at(["condition", "op"], `${label} is a number: compare it with >, >=, < or <=.`)]
    const unknown = condition.values.filter((value) => !words.includes(value))
    if (unknown.length === 0) return []
    const said = `${label} is never ${unknown.join(" or ")}. Choose among: ${words.join(", ")}.`
    return [at(["condition", "values"], said)]
  }
  if (unit === "word")
    return [at(["condition", "op"], `${label} is a word: use "in" with one or more of ${words.join(", ")}.`)]
  const { op, threshold, clear } = condition
  if (clear === undefined) return []
  const isHigh = op === ">" || op === ">="
  if (isHigh ? clear <= threshold : clear >= threshold) return []
  const side = isHigh ? "at most" : "at least"
  const said = `A rule that fires at ${op} ${threshold} clears at a value of ${side} ${threshold}, not ${clear}.`
  return [at(["condition", "clear"], said)]
}

function scopeProblems(scope: Scope, { label, subject }: Signal): RuleProblem[] {
  const problems: RuleProblem[] = []
  for (const side of ["include", "exclude"] as const) {
    scope[side].forEach((pattern, i) => {
      const wrong = patternProblem(pattern)
      if (wrong) problems.push(at(["scope", side, i], wrong))
    })
    if (subject === "signalbox" && scope[side].length > 0)
      problems.push(at(["scope", side], `${label} has a single series without a name: leave this empty.`))
  }
  const both = scope.include.find((pattern) => scope.exclude.includes(pattern))
  if (both !== undefined)
    problems.push(at(["scope", "exclude"], `"${both}" is included and excluded: remove it from one of them.`))
  const known = SUBJECT_LABELS[subject]
  for (const name of Object.keys(scope.labels))
    if (!known.includes(name)) {
      const has = known.length === 0 ? "has no labels to choose by" : `has the labels ${known.join(", ")}`
      problems.push(at(["scope", "labels", name], `${label} ${has}, not "${name}".`))
    }
  return problems
}

/** Names may hold almost anything, but a pattern that looks like a regular expression was meant as one. */
function patternProblem(pattern: string): string | null {
  if (pattern !== pattern.trim()) return `"${pattern}" begins or ends with a space: remove it.`
  if (/^\^|\$$|\(.*\||\|.*\)|\.\*.*\.\*/.test(pattern))
    return `"${pattern}" looks like a regular expression. Write a name in which * stands for any text, such as orders-*.`
  return pattern.includes("**") ? `"${pattern}" has ** in it: a single * stands for any text.` : null
}

function labelProblems({ labels }: Rule, { subject }: Signal): RuleProblem[] {
  const taken: readonly string[] = [...PLACE_LABELS, ...SUBJECT_LABELS[subject]]
  return Object.keys(labels)
    .filter((name) => taken.includes(name))
    .map((name) => at(["labels", name], `The label "${name}" is set by Signalbox: choose another name.`))
}

function messageProblems(message: string): RuleProblem[] {
  const problem = templateProblem(message)
  return problem === null ? [] : [at(["message"], problem)]
}

function at(path: PropertyKey[], message: string): RuleProblem {
  return { path, message }
}

/** Everything that is wrong with what somebody wrote as a rule, or the rule itself. */
export function readRule(
  written: unknown,
): { rule: Rule; problems: [] } | { rule: null; problems: RuleProblem[] } {
  const parsed = checkedRule.safeParse(written)
  if (parsed.success) return { rule: parsed.data, problems: [] }
  return { rule: null, problems: problemsOf(parsed.error) }
}

/** The problems of a schema. Of a name that is not known, the name is where. */
export function problemsOf({ issues }: z.ZodError): RuleProblem[] {
  return issues.map((issue) => ({
    path: issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : issue.path,
    message: issue.message,
  }))
}
