import type { DestinationConfig, Partition, Redundancy } from "../broker.ts"

/** min.insync.replicas by topic, of those whose settings were read. */
export function minIsrOf(configs: readonly DestinationConfig[]): Map<string, number> {
  return new Map(
    configs.map(({ destination, entries }) => [
      destination,
      Number(entries.find((entry) => entry.name === "min.insync.replicas")?.value ?? 1),
    ]),
  )
}

/** How many partitions of a topic fall short of their replicas; a topic without settings asks for one in-sync replica. */
export function redundancyOf(partitions: readonly Partition[], minIsr = 1): Redundancy {
  const withIsr = (isFew: (partition: Partition) => boolean) => partitions.filter(isFew).length
  return {
    copies: Math.max(0, ...partitions.map((one) => one.replicas.length)),
    degraded: withIsr((one) => one.isr.length < one.replicas.length),
    refusing: withIsr((one) => one.isr.length < minIsr),
    offline: withIsr((one) => one.leader === null),
  }
}
