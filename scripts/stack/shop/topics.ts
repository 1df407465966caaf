import { Kafka, logLevel } from "kafkajs"
import { createTopics } from "../kafka/topics.ts"

export interface TopicSettings {
  /** After this time `audit.events` deletes messages, read or not. */
  auditRetentionMs: number
}

interface Topic {
  topic: string
  partitions: number
  config?: Record<string, string>
}

function topics(settings: TopicSettings): Topic[] {
  const segment = String(Math.max(2000, Math.round(settings.auditRetentionMs / 9)))
  return [
    { topic: "orders", partitions: 6 },
    { topic: "orders.payment.DLT", partitions: 6, config: { "retention.ms": "2592000000" } },
    { topic: "payments", partitions: 6 },
    { topic: "payments.ledger", partitions: 3, config: { "retention.ms": "-1", "min.insync.replicas": "2" } },
    { topic: "inventory.reservations", partitions: 6 },
    { topic: "parcels", partitions: 4 },
    { topic: "notifications.email", partitions: 4 },
    { topic: "currency.requests", partitions: 3, config: { "retention.ms": "3600000" } },
    { topic: "currency.replies", partitions: 3, config: { "retention.ms": "3600000" } },
    { topic: "clicks", partitions: 12, config: { "retention.ms": "86400000" } },
    {
      topic: "customers",
      partitions: 3,
      config: {
        "cleanup.policy": "compact",
        "segment.ms": "60000",
        "min.cleanable.dirty.ratio": "0.1",
        "max.compaction.lag.ms": "120000",
      },
    },
    {
      topic: "audit.events",
      partitions: 3,
      config: { "retention.ms": String(settings.auditRetentionMs), "segment.ms": segment },
    },
  ]
}

/** Makes the shop's topics where they are missing; those that are there stay as they are. */
export async function createShopTopics(bootstrap: string[], settings: TopicSettings): Promise<void> {
  const admin = new Kafka({ brokers: bootstrap, clientId: "shop-setup", logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    const replicationFactor = Math.min(3, (await admin.describeCluster()).brokers.length)
    const there = new Set(await admin.listTopics())
    const missing = topics(settings).filter(({ topic }) => !there.has(topic))
    const shapes = missing.map(({ topic, partitions, config }) => ({
      topic,
      numPartitions: partitions,
      replicationFactor,
      configEntries: Object.entries(config ?? {}).map(([name, value]) => ({ name, value })),
    }))
    if (shapes.length > 0) await createTopics(admin, shapes)
  } finally {
    await admin.disconnect()
  }
}
