import type { Finding } from "#server/clusters/index.ts"
import type { Held } from "./held-back.ts"

/** Open transactions that hold messages back from read_committed consumers, as a finding of the cluster. */
export function openTransactions(held: ReadonlyMap<string, readonly Held[]>): Finding[] {
  const all = [...held].flatMap(([destination, list]) => list.map((one) => ({ destination, ...one })))
  const [first] = all
  if (!first) return []
  const more = all.length === 1 ? "" : ` and ${all.length - 1} more`
  const message =
    `Transactions have been open for more than a minute on partition ${first.partition} of ` +
    `${first.destination}${more}: read_committed consumers cannot read past them.`
  return [{ level: "warn", kind: "open-transaction", message, destinations: [...held.keys()].slice(0, 50) }]
}
