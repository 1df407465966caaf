/** Alert rules as signalbox.yaml has them: `alerts.rules`, spans of time as "5m", and nothing that has its default. */
import { isDeepStrictEqual } from "node:util"
import { stringify } from "yaml"
import { z } from "zod"
import { escapeVariables, type FileEntry } from "#server/clusters/index.ts"
import { readSpan, writeSpan } from "#server/durations.ts"
import { condition, type Rule, rule as ruleSchema } from "../rule.ts"
import { findSignal } from "../signals/index.ts"
import { problemsOf, type RuleProblem, ruleProblems } from "./check-rule.ts"
import { ruleIdOf } from "./write-rules.ts"

const { forMs, keepFiringForMs, flapping } = ruleSchema.shape

const spanMs = z.union([z.string(), z.number()]).transform((written, context) => {
  const ms = readSpan(String(written))
  if (ms !== null) return ms
  context.addIssue({
    code: "custom",
    message: `"${written}" is no span of time: write it like 5m, 1h30m or 10s.`,
  })
  return z.NEVER
})

/** What comes from the environment is text. Of signals in ms, a span of time is a threshold too. */
const level = z.union([z.number(), spanMs])

const fileRule = ruleSchema
  .omit({ forMs: true, keepFiringForMs: true, flapping: true, condition: true })
  .extend({
    id: z
      .string()
      .max(100)
      .regex(/^[a-z0-9][a-z0-9-]*$/, "An id may hold a-z, 0-9 and -.")
      .optional(),
    enabled: z.boolean().default(true),
    condition: z
      .union([z.object({ threshold: level, clear: level.optional() }).loose(), z.looseObject({})])
      .pipe(condition),
    for: spanMs.pipe(forMs.unwrap()).prefault(0),
    keepFiringFor: spanMs.pipe(keepFiringForMs.unwrap()).prefault(0),
    flapping: z
      .strictObject({ changes: z.number(), within: spanMs })
      .transform(({ changes, within }) => ({ changes, withinMs: within }))
      .pipe(flapping.unwrap())
      .optional(),
  })

export interface FileRule {
  id: string
  enabled: boolean
  rule: Rule
}

export interface FileRules {
  rules: FileRule[]
  /** A sentence each, with file, line, rule and field. */
  problems: string[]
  /** Rules with mistakes, as far as their ids can be read. What was known of them stays. */
  broken: string[]
  /** Whether the id of every rule with a mistake could be read. */
  isComplete: boolean
}

/** The rules of a file. A mistake in one leaves the others as they are. */
export function readFileRules(entries: readonly FileEntry[], path: string): FileRules {
  const found: FileRules = { rules: [], problems: [], broken: [], isComplete: true }
  const lines = new Map<string, number>()
  for (const entry of entries) {
    const line = entry.lineOf([])
    const id = idOf(entry.value)
    const read = readEntry(entry)
    const twin = id === null ? undefined : lines.get(id)
    const problems = [...read.problems]
    if (twin !== undefined)
      problems.push({
        path: ["id"],
        message: `"${id}" is also the rule of line ${twin}: give one another id.`,
      })
    if (id !== null && twin === undefined) lines.set(id, line)
    if (problems.length === 0 && read.rule) {
      found.rules.push(read.rule)
      continue
    }
    const name = nameOf(entry.value) ?? id
    const of = name === null ? "a rule without a name" : `rule "${name}"`
    for (const { path: field, message } of problems) {
      const where = field.length === 0 ? "" : ` ${field.join(".")}:`
      found.problems.push(
        `${path}, line ${entry.lineOf(field)}: ${of},${where} ${message}`.replace(",  ", ", "),
      )
    }
    if (id === null) found.isComplete = false
    else if (twin === undefined) found.broken.push(id)
  }
  return found
}

function readEntry({ value, problem }: FileEntry): { rule: FileRule | null; problems: RuleProblem[] } {
  if (problem) return { rule: null, problems: [problem] }
  const parsed = fileRule.safeParse(value)
  if (!parsed.success) return { rule: null, problems: problemsOf(parsed.error) }
  const { id, enabled, for: forMs, keepFiringFor: keepFiringForMs, ...written } = parsed.data
  const rule = ruleSchema.parse({ ...written, forMs, keepFiringForMs })
  return { rule: { id: id ?? ruleIdOf(rule.name), enabled, rule }, problems: ruleProblems(rule) }
}

const named = z.looseObject({
  id: z.string().optional().catch(undefined),
  name: z.string().optional().catch(undefined),
})

function nameOf(value: unknown): string | null {
  return named.safeParse(value).data?.name ?? null
}

function idOf(value: unknown): string | null {
  const { id, name } = named.safeParse(value).data ?? {}
  return id ?? (name === undefined ? null : ruleIdOf(name))
}

/** Rules as a part of signalbox.yaml that reads as the same rules. */
export function writeFileRules(rules: readonly FileRule[]): string {
  const entries = rules.map((one) => escaped(entryOf(one)))
  return stringify({ alerts: { rules: entries } }, { lineWidth: 110 })
}

function entryOf({ id, enabled, rule }: FileRule): Record<string, unknown> {
  const {
    name,
    signal,
    condition: _,
    severity,
    forMs: held,
    keepFiringForMs: kept,
    flapping: flaps,
    ...rest
  } = rule
  const standard = ruleSchema.parse({ name, signal, condition: rule.condition, severity })
  const others = Object.entries(rest).filter(
    ([key, value]) => !isDeepStrictEqual(value, standard[key as keyof typeof rest]),
  )
  return {
    id,
    name,
    ...(enabled ? {} : { enabled }),
    signal,
    condition: conditionOf(rule),
    ...(held === 0 ? {} : { for: writeSpan(held) }),
    ...(kept === 0 ? {} : { keepFiringFor: writeSpan(kept) }),
    severity,
    ...Object.fromEntries(others),
    ...(isDeepStrictEqual(flaps, standard.flapping)
      ? {}
      : { flapping: { changes: flaps.changes, within: writeSpan(flaps.withinMs) } }),
  }
}

function conditionOf({ condition: of, signal }: Rule): Record<string, unknown> {
  if (of.op === "in" || findSignal(signal)?.unit !== "ms") return of
  const written = (ms: number) => (Number.isSafeInteger(ms) && ms > 0 ? writeSpan(ms) : ms)
  return {
    op: of.op,
    threshold: written(of.threshold),
    ...(of.clear === undefined ? {} : { clear: written(of.clear) }),
  }
}

function escaped(value: unknown): unknown {
  if (typeof value === "string") return escapeVariables(value)
  if (Array.isArray(value)) return value.map(escaped)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escaped(item)]))
}
