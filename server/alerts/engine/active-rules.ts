import { fitsName } from "#server/fits-name.ts"
import { readDocument, readEach } from "#server/store/index.ts"
import type { Labels } from "../matcher.ts"
import { type Rule, rule as ruleSchema, type Scope } from "../rule.ts"
import { findSignal } from "../signals/index.ts"
import type { Database, RoundCluster, Series, Signal, Subject } from "../signals/signal.ts"
import { parseTemplate } from "../template.ts"

/** A rule with what it needs to be evaluated. */
export interface ActiveRule {
  id: string
  rule: Rule
  signal: Signal
  message: (scope: Readonly<Record<string, unknown>>) => string
}

/** What of the stored rules changed, as one text: the same text, the same rules. Every change, also a deletion, adds to it. */
export async function rulesRevision(db: Database): Promise<string> {
  const { rows } = await db.query<{ revision: string }>(
    "select coalesce(sum(revision), 0) as revision from alert_rule",
    [],
  )
  return rows[0]?.revision ?? ""
}

/** The rules that are enabled. One that cannot be read is told to `report`, and does not stop the others. */
export async function loadRules(db: Database, report: (error: unknown) => void): Promise<ActiveRule[]> {
  const { rows } = await db.query<{ id: string; definition: unknown }>(
    "select id, definition from alert_rule where enabled and deleted_at is null order by id",
    [],
  )
  return readEach(rows, toActive, report).filter((one) => one !== null)
}

function toActive({ id, definition }: { id: string; definition: unknown }): ActiveRule | null {
  const rule = readDocument(ruleSchema, definition, `The alert rule ${id}`)
  const signal = findSignal(rule.signal)
  return signal ? { id, rule, signal, message: parseTemplate(rule.message || signal.sentence) } : null
}

/** Whether a rule watches anything of a cluster. */
export function watchesCluster(
  { clusters, environments }: Scope,
  cluster: Pick<RoundCluster, "slug" | "environment">,
): boolean {
  return (
    (clusters.length === 0 || clusters.includes(cluster.slug)) &&
    (environments.length === 0 || environments.includes(cluster.environment ?? ""))
  )
}

/** Whether a rule watches a series of a cluster that it watches, or of Signalbox itself. */
export function watchesSeries(scope: Scope, subject: Subject, { labels }: Pick<Series, "labels">): boolean {
  const name = nameOf(subject, labels)
  return (
    isInPlace(scope, labels) &&
    (scope.include.length === 0 || scope.include.some((pattern) => fitsName(pattern, name))) &&
    !scope.exclude.some((pattern) => fitsName(pattern, name)) &&
    Object.entries(scope.labels).every(([label, pattern]) => fitsName(pattern, labels[label] ?? ""))
  )
}

/** Series of Signalbox itself that are about a cluster name it in their labels. */
function isInPlace(scope: Scope, { cluster, environment }: Labels): boolean {
  return cluster === undefined || watchesCluster(scope, { slug: cluster, environment: environment ?? null })
}

/** What a series is called: the group's name, the topic's. */
export function nameOf(subject: Subject, labels: Labels): string {
  return labels[subject] ?? ""
}
