import { randomBytes } from "node:crypto"
import { createTopics } from "#scripts/stack/kafka/topics.ts"
import { commit, kafkaClient, produce } from "#test/brokers/kafka-world.ts"

export interface SmallShop extends AsyncDisposable {
  topic: string
  group: string
}

const PARTITIONS = 3
const MESSAGES = 10
const READ = 3

/** A topic with ten messages on one partition, and a group that has read three of them: seven wait. */
export async function createShop(bootstrap: string[]): Promise<SmallShop> {
  const kafka = kafkaClient(bootstrap)
  const suffix = randomBytes(4).toString("hex")
  const [topic, group] = [`orders-${suffix}`, `billing-${suffix}`]
  const admin = kafka.admin()
  await admin.connect()
  await createTopics(admin, [{ topic, numPartitions: PARTITIONS, replicationFactor: 3 }])
  const messages = Array.from({ length: MESSAGES }, (_, i) => ({ partition: 0, value: `order ${i}` }))
  await produce(kafka, topic, messages)
  await commit(kafka, group, { topic, offsets: { 0: READ } })
  return {
    topic,
    group,
    [Symbol.asyncDispose]: async () => {
      await admin.deleteGroups([group]).catch(() => undefined)
      await admin.deleteTopics({ topics: [topic] })
      await admin.disconnect()
    },
  }
}
