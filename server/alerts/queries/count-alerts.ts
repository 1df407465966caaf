import type { Store } from "#server/store/index.ts"

/** How many alerts of a rule and severity fire or are pending. */
export interface AlertCount {
  /** Id of the rule. */
  rule: string
  severity: string
  state: string
  count: number
}

/** The alerts that fire or are pending, of all clusters and Signalbox itself. */
export async function countAlerts(store: Store): Promise<AlertCount[]> {
  const groups = await store.prisma.alert.groupBy({
    by: ["ruleId", "severity", "state"],
    where: { state: { in: ["pending", "firing"] } },
    _count: true,
  })
  return groups.map(({ ruleId, severity, state, _count }) => ({
    rule: ruleId,
    severity,
    state,
    count: _count,
  }))
}
