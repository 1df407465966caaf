import { setTimeout as sleep } from "node:timers/promises"
import { expect, it } from "vitest"
import type { Broker } from "#server/brokers/broker.ts"
import { collect } from "./collect.ts"
import type { ContractWorld } from "./contract.ts"

/** A client to a server that takes connections and never answers. */
export interface SilentServer extends AsyncDisposable {
  broker: Broker
  /** Resolves when the server has received the first bytes of a request. */
  asked: Promise<void>
}

/** Well below every deadline that a client has of its own (Kafka's: 8 s), and far more than an abort needs. */
const SOON_MS = 4000
const NAME = "orders"
const POSITION = { destination: NAME, partition: 0, offset: 0n }
const RANGE = { destination: NAME, partition: 0, from: 0n }
const GROUP = { name: "billing", type: "classic" }
const MESSAGE = { destination: NAME, partition: 0, key: null, value: null, headers: [], timestamp: null }
const HOW = { dryRun: false }

type Call = (broker: Broker, signal: AbortSignal) => Promise<unknown> | null | undefined

const CALLS: Record<string, Call> = {
  sample: (broker, signal) => broker.sample({}, signal),
  describe: (broker, signal) => broker.describe({ nodes: true, groups: "all" }, signal),
  "logs.bounds": ({ logs }, signal) => logs?.bounds([NAME], signal),
  "messages.read": ({ messages }, signal) => messages?.read([POSITION], signal),
  "messages.scan": ({ messages }, signal) => messages && collect(messages.scan({ ...RANGE, to: 1n }, signal)),
  "producer.send": ({ producer }, signal) => producer?.send([MESSAGE], signal),
  "producer.openTransfer": ({ producer }, signal) => producer?.openTransfer("transfer", signal),
  "offsets.atTime": ({ offsets }, signal) => offsets?.atTime([{ ...POSITION, timestamp: 0 }], signal),
  "offsets.commit": ({ offsets }, signal) => offsets?.commit(GROUP, [POSITION], signal),
  "offsets.remove": ({ offsets }, signal) => offsets?.remove(GROUP, [POSITION], signal),
  "admin.configure": ({ admin }, signal) => admin?.configure({ destination: NAME, changes: [] }, HOW, signal),
  "admin.deleteRecords": ({ admin }, signal) => admin?.deleteRecords([POSITION], signal),
  "admin.deleteDestination": ({ admin }, signal) => admin?.deleteDestination(NAME, signal),
  "admin.deleteGroup": ({ admin }, signal) => admin?.deleteGroup(GROUP, signal),
}

/** What every system does when nobody waits for its answer any longer, or its client is closed. */
export function testAbort(world: () => ContractWorld): void {
  it.each(Object.entries(CALLS))("%s ends soon after its signal aborts", async (_name, ask) => {
    await using silent = await world().connectSilent()
    const abort = new AbortController()
    const call = ask(silent.broker, abort.signal)
    // The system does not have this.
    if (!call) return
    const ended = outcome(call)
    await silent.asked
    abort.abort(new Error("nobody waits"))
    expect(await within(ended)).toBe("rejected")
  })

  it("a scan that follows just ends", async () => {
    await using silent = await world().connectSilent()
    if (!silent.broker.messages) return
    const abort = new AbortController()
    const ended = outcome(collect(silent.broker.messages.scan({ ...RANGE, to: null }, abort.signal)))
    await silent.asked
    abort.abort(new Error("nobody waits"))
    expect(await within(ended)).toBe("resolved")
  })

  it("can be disposed of in the middle of a call, which rejects", async () => {
    await using silent = await world().connectSilent()
    const ended = outcome(silent.broker.sample({}, new AbortController().signal))
    await silent.asked
    await silent.broker[Symbol.asyncDispose]()
    expect(await within(ended)).toBe("rejected")
  })

  it("can be disposed of before its first use, and twice", async () => {
    const unused = world().connect()
    await unused[Symbol.asyncDispose]()
    await unused[Symbol.asyncDispose]()
    await expect(unused.sample({}, AbortSignal.timeout(60_000))).rejects.toThrow()
  })
}

function outcome(call: Promise<unknown>): Promise<"resolved" | "rejected"> {
  return call.then(
    () => "resolved",
    () => "rejected",
  )
}

/** How it ended, or that it still waits. */
function within<Outcome>(ended: Promise<Outcome>): Promise<Outcome | "waits"> {
  return Promise.race([ended, sleep(SOON_MS, "waits" as const)])
}
