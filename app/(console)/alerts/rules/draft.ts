import type { RouterOutputs } from "#app/trpc/types.ts"
import { readSpan, writeSpan } from "#server/durations.ts"
import type { NewRule } from "./search-params.ts"

type Listed = RouterOutputs["alerts"]["rules"]
export type Rule = Listed["rules"][number]["rule"]
export type Signal = Listed["signals"][number]
type Operator = Exclude<Rule["condition"]["op"], "in">

/** A rule while it is written: texts, as they stand in the fields. */
export interface Draft {
  name: string
  signal: string
  op: Operator
  threshold: string
  clear: string
  /** For signals that say words. */
  values: readonly string[]
  forMs: string
  keepFiringForMs: string
  clusters: readonly string[]
  environments: string
  /** One name or pattern a line. */
  include: string
  exclude: string
  /** name=value, one a line. */
  scopeLabels: string
  labels: string
  severity: Rule["severity"]
  message: string
  advice: string
  runbook: string
  owner: string
  missing: Rule["missing"]
  flappingChanges: string
  flappingWithinMs: string
}

/** What is wrong with a field, by the path of what it makes of the rule: condition.clear. */
export interface Problem {
  field: string
  message: string
}

/** What a rule looks like in the form. */
export function toDraft(rule: Rule, signal: Signal | undefined): Draft {
  const { condition, scope, flapping } = rule
  const amount = (value: number) => writeAmount(value, signal?.unit)
  const isWord = condition.op === "in"
  return {
    name: rule.name,
    signal: rule.signal,
    op: isWord ? ">" : condition.op,
    threshold: isWord ? "" : amount(condition.threshold),
    clear: isWord || condition.clear === undefined ? "" : amount(condition.clear),
    values: isWord ? condition.values : [],
    forMs: writeSpan(rule.forMs),
    keepFiringForMs: writeSpan(rule.keepFiringForMs),
    clusters: scope.clusters,
    environments: scope.environments.join("\n"),
    include: scope.include.join("\n"),
    exclude: scope.exclude.join("\n"),
    scopeLabels: writeLabels(scope.labels),
    labels: writeLabels(rule.labels),
    severity: rule.severity,
    message: rule.message,
    advice: rule.advice,
    runbook: rule.runbook,
    owner: rule.owner,
    missing: rule.missing,
    flappingChanges: String(flapping.changes),
    flappingWithinMs: writeSpan(flapping.withinMs),
  }
}

/** A new rule on a signal: the condition that it suggests, and what the address says. */
export function newDraft(signal: Signal, about: Pick<NewRule, "cluster" | "include">): Draft {
  const on = about.include || about.cluster
  return toDraft(
    {
      name: on === "" ? signal.label : `${signal.label} of ${on}`,
      signal: signal.id,
      condition: signal.suggested,
      forMs: 60_000,
      keepFiringForMs: 0,
      scope: {
        clusters: about.cluster === "" ? [] : [about.cluster],
        environments: [],
        include: about.include === "" ? [] : [about.include],
        exclude: [],
        labels: {},
      },
      severity: "warning",
      labels: {},
      message: "",
      advice: "",
      runbook: "",
      owner: "",
      missing: "keep",
      flapping: { changes: 6, withinMs: 900_000 },
    },
    signal,
  )
}

/** The draft on another signal, with the condition that this one suggests. */
export function withSignal(draft: Draft, before: Signal | undefined, signal: Signal): Draft {
  const { op, threshold, clear, values } = newDraft(signal, { cluster: "", include: "" })
  const name =
    before && draft.name.startsWith(before.label)
      ? draft.name.replace(before.label, signal.label)
      : draft.name
  return { ...draft, name, signal: signal.id, op, threshold, clear, values }
}

/** The rule that a draft stands for, for the server to check, and what of it cannot be read at all. */
export function toRule(draft: Draft, signal: Signal | undefined): { rule: Rule; problems: Problem[] } {
  const problems: Problem[] = []
  const read = (field: string, value: number | null, example: string) => {
    if (value === null) problems.push({ field, message: `Write ${example}.` })
    return value ?? 0
  }
  const unit = signal?.unit
  const level = (field: string, text: string) =>
    read(field, readAmount(text, unit), EXAMPLES[unit ?? "count"])
  const span = (field: string, text: string) => read(field, readSpan(text), EXAMPLES.ms)
  const pairs = (field: string, text: string) => {
    const labels = readLabels(text)
    if (labels === null) problems.push({ field, message: "Write one label a line, such as team=checkout." })
    return labels ?? {}
  }
  const rule: Rule = {
    name: draft.name.trim(),
    signal: draft.signal,
    condition:
      unit === "word"
        ? { op: "in", values: [...draft.values] }
        : {
            op: draft.op,
            threshold: level("condition.threshold", draft.threshold),
            ...(draft.clear.trim() === "" ? {} : { clear: level("condition.clear", draft.clear) }),
          },
    forMs: span("forMs", draft.forMs),
    keepFiringForMs: span("keepFiringForMs", draft.keepFiringForMs),
    scope: {
      clusters: [...draft.clusters],
      environments: linesOf(draft.environments),
      include: linesOf(draft.include),
      exclude: linesOf(draft.exclude),
      labels: pairs("scope.labels", draft.scopeLabels),
    },
    severity: draft.severity,
    labels: pairs("labels", draft.labels),
    message: draft.message,
    advice: draft.advice,
    runbook: draft.runbook.trim(),
    owner: draft.owner.trim(),
    missing: draft.missing,
    flapping: {
      changes: read("flapping.changes", readCount(draft.flappingChanges), "a whole number"),
      withinMs: span("flapping.withinMs", draft.flappingWithinMs),
    },
  }
  return { rule, problems }
}

/** What decides when a rule fires: the rest does not change what it would have done. */
export function logicOf(rule: Rule): Rule {
  return {
    ...rule,
    name: "draft",
    labels: {},
    severity: "info",
    message: "",
    advice: "",
    runbook: "",
    owner: "",
  }
}

/** How an amount of each unit is written. */
export const EXAMPLES: Readonly<Record<Signal["unit"], string>> = {
  messages: "a number, such as 10000",
  "messages/s": "messages per second, such as 12.5",
  ms: "a span of time, such as 5m or 1h30m",
  count: "a number, such as 0",
  ratio: "a percentage, such as 10%",
  bytes: "an amount of bytes, such as 10 GB",
  deviations: "a number of deviations, such as -8",
  times: "a factor, such as 0.3 or 14",
  word: "words",
}

const BYTES = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 } as const

function writeAmount(value: number, unit: Signal["unit"] | undefined): string {
  if (unit === "ms" && Number.isSafeInteger(value) && value >= 0) return writeSpan(value)
  if (unit === "ratio") return `${Number((value * 100).toPrecision(12))}%`
  if (unit !== "bytes") return String(value)
  const [name, size] = Object.entries(BYTES).findLast(
    ([, size]) => value >= size && value % (size / 1000) === 0,
  ) ?? ["B", 1]
  return `${value / size} ${name}`
}

function readAmount(text: string, unit: Signal["unit"] | undefined): number | null {
  const trimmed = text.trim()
  if (unit === "ms") return readSpan(trimmed)
  const [, digits = "", suffix = ""] = /^(-?[\d.,]+(?:e[+-]?\d+)?)\s*([%a-zA-Z]*)$/.exec(trimmed) ?? []
  const value = digits === "" ? Number.NaN : Number(digits.replaceAll(",", ""))
  if (!Number.isFinite(value)) return null
  if (suffix === "") return value
  if (unit === "ratio" && suffix === "%") return Number((value / 100).toPrecision(12))
  const size =
    unit === "bytes"
      ? Object.entries(BYTES).find(([name]) => name.toLowerCase() === suffix.toLowerCase())
      : undefined
  return size ? value * size[1] : null
}

function readCount(text: string): number | null {
  return /^\d+$/.test(text.trim()) ? Number(text) : null
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).flatMap((line) => (line.trim() === "" ? [] : [line.trim()]))
}

function writeLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join("\n")
}

function readLabels(text: string): Record<string, string> | null {
  const pairs = linesOf(text).map((line) => /^([^=]+?)\s*=\s*(.*)$/.exec(line))
  if (pairs.includes(null)) return null
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", pair?.[2] ?? ""]))
}
