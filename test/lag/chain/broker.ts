import type { Broker, Described, Logs, Messages } from "#server/brokers/broker.ts"
import type { Script } from "./script.ts"
import type { Tick } from "./simulate.ts"

/** A broker that answers from a played script: the generator's mouth, at the product's own seam. */
export function scriptedBroker(script: Script): Broker & { tick: Tick | null } {
  const broker: Broker & { tick: Tick | null } = {
    tick: null,
    sample: async () => {
      const sampled = broker.tick?.sampled
      if (!sampled) throw new Error("the cluster is away")
      return sampled
    },
    describe: async () => described(broker.tick),
    logs: { bounds: async (names) => boundsOf(broker.tick, names) },
    messages: script.readable ? messagesOf(() => broker.tick) : null,
    producer: null,
    offsets: null,
    deadLetters: null,
    admin: null,
    [Symbol.asyncDispose]: async () => undefined,
  }
  return broker
}

function described(tick: Tick | null): Described {
  const members = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      id: `member-${i}`,
      instanceId: null,
      clientId: `client-${i}`,
      host: "/127.0.0.1",
      assignment: [],
    }))
  return {
    at: tick?.at ?? 0,
    clusterId: null,
    version: null,
    nodes: [],
    destinations: [],
    configs: [],
    groups: (tick?.sampled?.groups ?? []).map((group) => ({
      name: group.name,
      type: group.type,
      state: group.state,
      assignor: null,
      coordinator: null,
      members: members(tick?.members.get(group.name) ?? 0),
    })),
    findings: [],
    problems: [],
  }
}

/** As the sweep of the same moment sees them: what it could not read, cannot be read now either. */
function boundsOf(tick: Tick | null, names: readonly string[]): Awaited<ReturnType<Logs["bounds"]>> {
  if (!tick?.sampled) throw new Error("the cluster is away")
  const found = tick.sampled.destinations.filter((one) => names.includes(one.name))
  return { found, problems: [] }
}

function messagesOf(tick: () => Tick | null): Messages {
  return {
    schemas: null,
    read: async (positions) => ({
      found: positions.map((position) => {
        const { destination, partition, offset } = position
        const timestamp = tick()?.appendedAt(destination, partition, Number(offset)) ?? null
        if (timestamp === null) return { position, message: null }
        const empty = { key: null, value: null, headers: [], control: null, withheld: null }
        return {
          position,
          message: {
            offset,
            timestamp: BigInt(Math.round(timestamp)),
            timestampType: "create" as const,
            ...empty,
          },
        }
      }),
      problems: [],
    }),
    scan: () => {
      throw new Error("nothing scans here")
    },
  }
}
