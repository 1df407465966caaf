import { type Store, toJson } from "#server/store/index.ts"
import { type Rule, rule } from "../rule.ts"

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

type Written = Partial<Omit<Rule, "condition">> &
  Pick<Rule, "name" | "signal" | "severity" | "condition" | "advice">

/**
 * The rules of a new installation, by id: silent on a healthy cluster, and each of them worth being told of. They can be
 * changed, switched off, duplicated and reset, but not deleted; what was deleted before that does not come back.
 */
const WRITTEN: Readonly<Record<string, Written>> = {
  "data-loss-imminent": {
    name: "Data loss imminent",
    signal: "lost-in",
    severity: "critical",
    condition: { op: "<", threshold: HOUR_MS, clear: 2 * HOUR_MS },
    forMs: 10_000,
    advice:
      "Retention deletes messages before the group reads them. Start or scale its consumers, or raise the retention of what it reads until it has caught up.",
  },
  "data-loss": {
    name: "Messages lost",
    signal: "lost",
    severity: "critical",
    condition: { op: ">", threshold: 0 },
    advice:
      "Messages were deleted before the group read them. Raise the retention first, then start or scale the group's consumers; deleted messages can only be produced again.",
  },
  "group-stopped": {
    name: "Consumer group stopped",
    signal: "group-status",
    severity: "critical",
    condition: { op: "in", values: ["stopped"] },
    forMs: 10_000,
    advice:
      "Messages wait and nothing commits. See whether the group's consumers run, and what their logs say last.",
  },
  "partition-stalled": {
    name: "Partition stalled",
    signal: "group-status",
    severity: "warning",
    condition: { op: "in", values: ["stalled"] },
    forMs: 30_000,
    advice:
      "The group commits, but one of its partitions stands still: often a message that fails again and again. Look at the message at the committed offset.",
  },
  "offset-out-of-range": {
    name: "Committed offset out of range",
    signal: "group-status",
    severity: "critical",
    condition: { op: "in", values: ["invalid"] },
    forMs: 30_000,
    advice:
      "The group committed an offset that its topic does not have: consumers fail or jump to where auto.offset.reset says. Preview a reset of the group's offsets.",
  },
  "offline-partitions": {
    name: "Offline partitions",
    signal: "offline-partitions",
    severity: "critical",
    condition: { op: ">", threshold: 0 },
    advice:
      "Nothing can be read from or written to these partitions. Bring back the brokers that hold their replicas.",
  },
  "under-min-isr": {
    name: "Too few in-sync replicas",
    signal: "under-min-isr",
    severity: "critical",
    condition: { op: ">", threshold: 0 },
    forMs: 30_000,
    advice:
      "Producers that wait for all replicas (acks=all) are refused here. Bring back the brokers whose replicas are missing.",
  },
  "under-replicated": {
    name: "Under-replicated partitions",
    signal: "under-replicated",
    severity: "warning",
    condition: { op: ">", threshold: 0 },
    forMs: 2 * MINUTE_MS,
    advice:
      "One more broker that fails may lose messages. See which broker's replicas are behind: its disk, its network, its log.",
  },
  "broker-offline": {
    name: "Broker offline",
    signal: "broker-offline",
    severity: "critical",
    condition: { op: ">", threshold: 0 },
    advice:
      "Replication continues with fewer copies. See whether the broker's process and machine run, and read its log.",
  },
  "disk-full": {
    name: "Disk almost full",
    signal: "disk-free",
    severity: "warning",
    condition: { op: "<", threshold: 0.1, clear: 0.12 },
    forMs: 5 * MINUTE_MS,
    advice: "A broker whose disk is full stops. Shorten retention, move partitions away, or add space.",
  },
  "failure-group": {
    name: "Messages fail",
    signal: "failure-state",
    severity: "warning",
    condition: { op: "in", values: ["open", "regressed"] },
    advice:
      "Consumers gave these messages up. Open the failure group: see what they have in common, fix the cause, replay them, and resolve it.",
  },
  "channel-failing": {
    name: "Channel fails",
    signal: "channel-failing",
    severity: "warning",
    condition: { op: ">", threshold: 5 * MINUTE_MS },
    advice:
      "People who rely on this channel are not notified. Open Alerts, Channels: it shows what the receiver answered last. Fix the receiver, or add the channel again with the right address and key, and send a test; a delivery that works ends this alert.",
  },
  "cluster-not-sampled": {
    name: "Cluster not sampled",
    signal: "not-sampled",
    severity: "critical",
    condition: { op: ">", threshold: MINUTE_MS },
    advice:
      "Signalbox is blind here: no lag and no other alert of this cluster can be trusted. See whether the brokers can be reached from the collector, and whether a collector runs.",
  },
}

export const DEFAULT_RULES: ReadonlyMap<string, Rule> = new Map(
  Object.entries(WRITTEN).map(([id, written]) => [id, rule.parse(written)]),
)

/** Adds the default rules that were never there, and brings those up to date that no person has changed. */
export async function ensureDefaultRules(store: Store): Promise<void> {
  const rows = [...DEFAULT_RULES].map(([id, definition]) => ({ id, definition }))
  await store.pool.query(
    `insert into alert_rule as r (id, source, definition, updated_by)
     select id, 'default', definition, 'system' from jsonb_to_recordset($1) as x(id text, definition jsonb)
     on conflict (id) do update set definition = excluded.definition, revision = r.revision + 1
       where r.source = 'default' and r.updated_by = 'system' and r.deleted_at is null
         and r.definition is distinct from excluded.definition`,
    [toJson(rows)],
  )
}
