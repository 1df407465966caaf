import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest"
import type { Broker } from "#server/brokers/broker.ts"
import { Connections, type Target } from "#server/brokers/connections.ts"
import { createCaller } from "#server/trpc/router.ts"
import { web } from "#server/web.ts"
import { administrationWorld, CLUSTER, commitAt, write } from "#test/administration/world.ts"
import { createTopic, kafkaClient, unique } from "#test/brokers/kafka-world.ts"
import { allProcedures } from "#test/trpc/procedures.ts"

/**
 * An act on a broker cannot be rolled back: its audit entry must stand before it. Every mutation is in one of two lists;
 * one that is added must be put into one.
 */
const ON_BROKERS = {
  "messages.produce": async (caller, topic) => {
    const messages = [{ key: null, value: "order", headers: [], partition: 1, timestamp: null }]
    await caller.messages.produce({ cluster: CLUSTER, destination: topic, messages })
  },
  "offsets.applyPlan": async (caller, topic) => {
    const group = unique("billing")
    await commitAt(world.broker, group, topic, { 0: 2, 1: 2 })
    const wanted = { cluster: CLUSTER, group, strategy: { kind: "earliest" as const } }
    const { plan } = await caller.offsets.preview(wanted)
    await caller.offsets.applyPlan({ cluster: CLUSTER, group, plan })
  },
  "administration.create": async (caller) => {
    const wanted = { partitions: 1, replicas: 1, configs: [] }
    await caller.administration.create({ ...of(unique("new")), ...wanted })
  },
  "administration.configure": async (caller, topic) => {
    const changes = [{ name: "retention.ms", value: "3600000", today: "604800000" }]
    await caller.administration.configure({ ...of(topic), changes })
  },
  "administration.grow": async (caller, topic) => {
    await caller.administration.grow({ ...of(topic), from: 2, total: 3, confirm: topic })
  },
  "administration.empty": async (caller, topic) => {
    const { uid, until } = await caller.administration.previewEmpty(of(topic))
    await caller.administration.empty({ ...of(topic), uid, until, confirm: topic })
  },
  "administration.delete": async (caller, topic) => {
    const { uid } = await caller.administration.previewDelete(of(topic))
    await caller.administration.delete({ ...of(topic), uid, confirm: topic })
  },
  "administration.deleteGroup": async (caller, topic) => {
    const group = unique("billing")
    await commitAt(world.broker, group, topic, { 0: 2 })
    await caller.administration.deleteGroup({ cluster: CLUSTER, group, confirm: group })
  },
} satisfies Record<string, (caller: Caller, topic: string) => Promise<unknown>>

/** These change the database alone, in one transaction with their entry, or only try, read or start something there. */
const IN_THE_DATABASE = [
  "access.accept",
  "access.changePassword",
  "access.revokeSession",
  "access.setup",
  "access.signOutEverywhere",
  "access.tokens.create",
  "access.tokens.revoke",
  "access.users.changeGrants",
  "access.users.disable",
  "access.users.invite",
  "access.users.newLink",
  "access.users.remove",
  "alerts.acknowledge",
  "alerts.addChannel",
  "alerts.createRule",
  "alerts.addSilence",
  "alerts.enableRule",
  "alerts.endSilence",
  "alerts.removeChannel",
  "alerts.removeRule",
  "alerts.resetRule",
  "alerts.setRouting",
  "alerts.tryChannel",
  "alerts.updateRule",
  "clusters.connect",
  "clusters.remove",
  "clusters.test",
  "clusters.testStored",
  "clusters.update",
  "failures.controlReplay",
  "failures.removeRule",
  "failures.saveRule",
  "failures.startReplay",
  "failures.triage",
  "masking.add",
  "masking.again",
  "masking.remove",
  "masking.unmask",
  "messages.remember",
  "messages.resume",
  "messages.search",
  "messages.stop",
  "offsets.arm",
  "offsets.cancel",
  "offsets.preview",
  "offsets.rest",
  "offsets.undo",
  "traces.createToken",
  "traces.revokeToken",
  "traces.setObjective",
  "traces.setRetention",
  "views.remove",
  "views.save",
]

type Caller = ReturnType<typeof createCaller>
let world: Awaited<ReturnType<typeof administrationWorld>>
beforeAll(async () => {
  world = await administrationWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

it("every mutation is known either to act on brokers or to change the database alone", () => {
  const mutations = allProcedures().flatMap(({ path, type }) => (type === "mutation" ? [path] : []))
  expect([...Object.keys(ON_BROKERS), ...IN_THE_DATABASE].sort()).toEqual(mutations.sort())
})

describe.each(Object.entries(ON_BROKERS))("%s", (_, act) => {
  it("has begun in the audit log when it reaches the broker", async () => {
    const { caller, effects } = await watchedCaller()
    await act(caller, await topicOf())
    expect(effects.length).toBeGreaterThan(0)
    expect(effects).toEqual(effects.map(({ write }) => ({ write, begun: 1 })))
    expect(await begunEntries()).toBe(0)
  })

  it("does not reach the broker while the audit log cannot be written", async () => {
    const { caller, effects } = await watchedCaller()
    const { pool } = (await web()).store
    const topic = await topicOf()
    await pool.query(
      "create function refuse() returns trigger language plpgsql as 'begin raise exception $$no$$; end'",
    )
    await pool.query("create trigger refuse before insert on audit_entry execute function refuse()")
    onTestFinished(async () => void (await pool.query("drop function refuse cascade")))
    await expect(act(caller, topic)).rejects.toThrow()
    expect(effects).toEqual([])
  })
})

function of(topic: string) {
  return { cluster: CLUSTER, destination: topic }
}

async function topicOf(): Promise<string> {
  const topic = unique("acts")
  await createTopic(kafkaClient(), topic, { partitions: 2 })
  await write(world.broker, topic, { 0: 3, 1: 3 })
  return topic
}

/** Acts of which only the beginning is in the log. */
async function begunEntries(): Promise<number> {
  const { pool } = (await web()).store
  const { rows } = await pool.query<{ count: number }>(
    `select count(*)::int as count from audit_entry b where result = 'begun'
     and not exists (select from audit_entry r where r.begun_id = b.id)`,
  )
  return rows[0]?.count ?? 0
}

interface Effect {
  write: string
  /** Acts that were under way in the audit log when the broker was reached. */
  begun: number
}

async function watchedCaller(): Promise<{ caller: Caller; effects: Effect[] }> {
  const own = await web()
  const effects: Effect[] = []
  const connections = new WatchedConnections(async (write) => {
    effects.push({ write, begun: await begunEntries() })
  })
  onTestFinished(() => connections[Symbol.asyncDispose]())
  const actor = { kind: "user", id: "a", email: "ann@example.org", role: "admin", clusters: {} } as const
  const { store, vault, log } = own
  const ctx = { web: own, store, vault, connections, log, actor, actorNow: async () => actor, now: Date.now }
  return { caller: createCaller(ctx), effects }
}

/** The real connections; whoever watches is asked before each write. */
class WatchedConnections extends Connections {
  readonly #before: (write: string) => Promise<void>

  constructor(before: (write: string) => Promise<void>) {
    super({ clientId: "signalbox-test", log: () => undefined })
    this.#before = before
  }

  override get(target: Target): Broker {
    const broker = super.get(target)
    const { producer, offsets, admin } = broker
    const before = this.#before
    if (!producer || !offsets || !admin) throw new Error("Kafka has all of these.")
    return {
      ...broker,
      producer: { ...producer, send: (...given) => before("send").then(() => producer.send(...given)) },
      offsets: {
        ...offsets,
        commit: (...given) => before("commit").then(() => offsets.commit(...given)),
        remove: (...given) => before("remove").then(() => offsets.remove(...given)),
      },
      admin: {
        settings: admin.settings,
        createDestination: async (...given) => {
          if (!given[1].dryRun) await before("createDestination")
          return admin.createDestination(...given)
        },
        configure: async (...given) => {
          if (!given[1].dryRun) await before("configure")
          return admin.configure(...given)
        },
        growDestination: async (...given) => {
          if (!given[1].dryRun) await before("growDestination")
          return admin.growDestination(...given)
        },
        deleteRecords: (...given) => before("deleteRecords").then(() => admin.deleteRecords(...given)),
        deleteDestination: (...given) =>
          before("deleteDestination").then(() => admin.deleteDestination(...given)),
        deleteGroup: (...given) => before("deleteGroup").then(() => admin.deleteGroup(...given)),
      },
    }
  }
}
