import { createServer } from "node:net"
import { describe, expect, inject, it } from "vitest"
import { type ObservedCall, observed } from "#server/brokers/observed.ts"
import { collect } from "./collect.ts"
import { testBroker } from "./contract.ts"
import { kafkaContractWorld } from "./kafka-contract-world.ts"
import { connectKafka, createTopic, kafkaClient, produce, unique } from "./kafka-world.ts"
import { listening } from "./listening.ts"

testBroker({
  system: "Kafka, observed,",
  world: () => kafkaContractWorld((broker) => observed(broker, { observe: () => undefined })),
})

describe("an observed broker", () => {
  const soon = () => AbortSignal.timeout(60_000)
  const watched = (bootstrap: readonly string[], deadlineMs?: number) => {
    const calls: ObservedCall[] = []
    const observation = { observe: (call: ObservedCall) => calls.push(call) }
    const options = deadlineMs === undefined ? observation : { ...observation, deadlineMs }
    return { broker: observed(connectKafka(bootstrap), options), calls }
  }

  it("tells every call, how it ended and how long it took", async () => {
    const { broker, calls } = watched(inject("kafkaBootstrap"))
    await using _ = broker
    const topic = unique("orders")
    await createTopic(kafkaClient(), topic)
    await produce(kafkaClient(), topic, [{ partition: 0, value: "x" }])
    await broker.sample({ destinations: [topic] }, soon())
    await collect(broker.messages?.scan({ destination: topic, partition: 0, from: 0n, to: 1n }, soon()))
    await broker.admin?.deleteDestination("no-such-topic", soon()).catch(() => undefined)
    expect(calls.map(({ call, outcome }) => [call, outcome])).toEqual([
      ["sample", "ok"],
      ["messages.scan", "ok"],
      ["admin.deleteDestination", "failed"],
    ])
    expect(calls[0]?.ms).toBeGreaterThan(0)
  })

  it("ends a call at its deadline, though its caller would wait for ever", async () => {
    await using silent = await listening(createServer())
    const { broker, calls } = watched([`127.0.0.1:${silent.port}`], 500)
    await using _ = broker
    const forever = new AbortController().signal
    await expect(broker.describe({ nodes: true }, forever)).rejects.toMatchObject({
      name: "DomainError",
      code: "timeout",
    })
    expect(calls).toMatchObject([{ call: "describe", outcome: "aborted" }])
  })

  it("rejects with nothing but a DomainError, when its caller gives up, too", async () => {
    const { broker, calls } = watched(inject("kafkaBootstrap"))
    await using _ = broker
    await expect(broker.sample({}, AbortSignal.abort())).rejects.toMatchObject({ name: "DomainError" })
    expect(calls).toMatchObject([{ call: "sample", outcome: "aborted" }])
  })
})
