import { Producer, stringSerializers } from "@platformatic/kafka"
import { createTopic, kafkaClient } from "#test/brokers/kafka-world.ts"
import type { World } from "./measure.ts"

/** Messages that are sent together: how many there are is a multiple of it. */
export const AT_ONCE = 10_000

/** Small JSON messages of about 110 bytes with a key, written evenly over the partitions. */
export async function fill(world: World, codec: "none" | "lz4" | "zstd"): Promise<void> {
  await createTopic(kafkaClient(world.bootstrap), world.topic, { partitions: world.partitions })
  const producer = new Producer({
    clientId: "bench-fill",
    bootstrapBrokers: world.bootstrap,
    serializers: stringSerializers,
  })
  const { topic, partitions } = world
  for (let at = 0; at < world.each * partitions; at += AT_ONCE) {
    const messages = Array.from({ length: AT_ONCE }, (_, i) => {
      const { key, value } = message(at + i)
      const partition = Math.floor(i / (AT_ONCE / partitions))
      return { topic, partition, key, value: JSON.stringify(value) }
    })
    await producer.send({ messages, compression: codec })
  }
  await producer.close()
}

/** The i-th message. */
export function message(i: number) {
  const amount = ((i * 7919) % 100_000) / 100
  const value = {
    order: `order-${i % 1000}`,
    customer: `c-${i % 97}`,
    amount,
    currency: "EUR",
    items: i % 9,
    at: 1_790_000_000_000 + i,
  }
  return { key: `k${i % 5000}`, value }
}
