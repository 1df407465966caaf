import { createHash } from "node:crypto"
import type { Labels } from "./matcher.ts"
import type { Rule } from "./rule.ts"
import type { RoundCluster, Series, Subject } from "./signals/signal.ts"

/** All that an alert is known by. A rule's own labels never hide what the alert is about. */
export function labelsOf(
  rule: Pick<Rule, "name" | "signal" | "severity" | "labels">,
  cluster: RoundCluster | null,
  series: Series,
): Labels {
  return {
    ...rule.labels,
    alertname: rule.name,
    signal: rule.signal,
    severity: rule.severity,
    ...placeOf(cluster),
    ...series.labels,
  }
}

function placeOf(cluster: RoundCluster | null): Labels {
  if (cluster === null) return {}
  const { slug, system, environment } = cluster
  return { cluster: slug, system, ...(environment === null ? {} : { environment }) }
}

/** The same for every episode of a rule on a series, on whatever machine: 16 hexadecimal digits. */
export function fingerprintOf(of: {
  ruleId: string
  cluster: string | null
  subject: Subject
  key: string
}): string {
  const parts = JSON.stringify([of.ruleId, of.cluster, of.subject, of.key])
  return createHash("sha256").update(parts).digest("hex").slice(0, 16)
}
