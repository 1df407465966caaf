import type { Broker, Sampled } from "#server/brokers/broker.ts"
import type { ClusterTarget } from "#server/clusters/targets.ts"
import { ClusterSampling } from "#server/sampling/sweep.ts"
import type { Store } from "#server/store/index.ts"

/** What a collector can see of a cluster: only these topics and groups, and some of them not. */
export interface View {
  topics: readonly string[]
  groups: readonly string[]
  /** Partitions whose leader does not answer, by topic. */
  away: Readonly<Record<string, readonly number[]>>
  /** Groups whose coordinator does not answer. */
  silent: readonly string[]
}

/** Samples a real cluster through a view, at moments of the test's own; between them its numbers stand still. */
export async function stillCluster(of: { store: Store; target: ClusterTarget; broker: Broker; view: View }) {
  const { store, target, view } = of
  let isWhole = true
  const broker: Broker = {
    sample: async (_, signal) => {
      const sampled = await of.broker.sample({ destinations: view.topics, groups: view.groups }, signal)
      return isWhole ? sampled : seenThrough(view, sampled)
    },
    describe: (scope, signal) => {
      const { topics, groups } = view
      return of.broker.describe({ ...scope, destinations: topics, configs: topics, groups }, signal)
    },
    messages: of.broker.messages,
    logs: of.broker.logs,
    ...{ producer: null, offsets: null, deadLetters: null, admin: null },
    [Symbol.asyncDispose]: async () => undefined,
  }
  const sampling = new ClusterSampling({ store, target, broker })
  return {
    describe: () => sampling.describe(AbortSignal.timeout(120_000)),
    sweep: async (at: number, how: { isWhole: boolean }) => {
      isWhole = how.isWhole
      return (await sampling.sweep(at, AbortSignal.timeout(120_000))).lags
    },
  }
}

function seenThrough(view: View, sampled: Sampled): Sampled {
  const without = (values: (bigint | null)[], topic: string) =>
    values.map((value, partition) => (view.away[topic]?.includes(partition) ? null : value))
  return {
    ...sampled,
    destinations: sampled.destinations.map((one) => ({
      ...one,
      starts: without(one.starts, one.name),
      ends: without(one.ends, one.name),
    })),
    groups: sampled.groups.map((one) =>
      view.silent.includes(one.name) ? { ...one, known: false, commits: [] } : one,
    ),
  }
}
