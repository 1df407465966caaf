import { createServer } from "node:net"
import { inject } from "vitest"
import type { Broker } from "#server/brokers/broker.ts"
import type { ContractWorld } from "./contract.ts"
import { commit, connectKafka, createTopic, kafkaClient, produce, unique } from "./kafka-world.ts"
import { listening } from "./listening.ts"

/** What the broker contract asks for, on the real Kafka; `wrap` may put something around each client. */
export async function kafkaContractWorld(
  wrap: (broker: Broker) => Broker,
): Promise<ContractWorld & AsyncDisposable> {
  const kafka = kafkaClient()
  const destination = unique("orders")
  const group = unique("billing")
  await createTopic(kafka, destination, { partitions: 2, replicas: 3 })
  const values = Array.from({ length: 5 }, (_, i) => ({ partition: 0, value: `order ${i}` }))
  await produce(kafka, destination, [...values, { partition: 1, value: "order 5" }])
  await commit(kafka, group, { topic: destination, offsets: { 0: 3 } })
  const written: ContractWorld["written"] = [5, 1]
  return {
    connect: () => wrap(connectKafka(inject("kafkaBootstrap"))),
    connectNowhere: () => wrap(connectKafka(["127.0.0.1:1"])),
    destination,
    connectSilent: async () => {
      const asked = Promise.withResolvers<void>()
      const server = await listening(
        createServer((socket) => socket.on("error", () => undefined).once("data", () => asked.resolve())),
      )
      const broker = wrap(connectKafka([`127.0.0.1:${server.port}`]))
      return {
        broker,
        asked: asked.promise,
        [Symbol.asyncDispose]: async () => {
          await broker[Symbol.asyncDispose]()
          await server[Symbol.asyncDispose]()
        },
      }
    },
    written,
    append: async () => {
      await produce(kafka, destination, [{ partition: 1, value: "one more" }])
      written[1] += 1
    },
    group,
    committed: 3,
    [Symbol.asyncDispose]: async () => undefined,
  }
}
