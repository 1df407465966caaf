import { Producer, stringSerializers } from "@platformatic/kafka"
import { inject } from "vitest"

/** Many small messages, `{"n":i,"word":...}`, evenly over the partitions and in their order. */
export async function fill(topic: string, given: { partitions: number; each: number }): Promise<void> {
  const producer = new Producer({
    clientId: "fill",
    bootstrapBrokers: inject("kafkaBootstrap"),
    serializers: stringSerializers,
  })
  const AT_ONCE = 5000
  for (let partition = 0; partition < given.partitions; partition++)
    for (let at = 0; at < given.each; at += AT_ONCE) {
      const messages = Array.from({ length: Math.min(AT_ONCE, given.each - at) }, (_, i) => ({
        topic,
        partition,
        key: `k${at + i}`,
        value: JSON.stringify({ n: at + i, word: (at + i) % 1000 === 7 ? "needle" : "hay" }),
      }))
      await producer.send({ messages })
    }
  await producer.close()
}
