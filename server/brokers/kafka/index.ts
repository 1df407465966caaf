import type { Broker, SchemaRegistryAccess } from "../broker.ts"
import type { BrokerSystem } from "../system.ts"
import { kafkaAdmin } from "./admin.ts"
import { advice } from "./advice.ts"
import { KafkaClient } from "./client.ts"
import { type KafkaConnection, kafkaConnection } from "./connection.ts"
import { kafkaDeadLetters } from "./dead-letters.ts"
import { describe } from "./describe.ts"
import { kafkaFields } from "./fields.ts"
import { readBounds } from "./log-bounds.ts"
import { readMessages } from "./messages.ts"
import { kafkaOffsets } from "./offsets.ts"
import { probeKafka } from "./probe.ts"
import { kafkaProducer } from "./producer.ts"
import { sample } from "./sample.ts"
import { scan } from "./scan.ts"
import { Tails } from "./tails.ts"
import { topicSettings } from "./topic-settings.ts"

export const kafka: BrokerSystem<typeof kafkaConnection> = {
  id: "kafka",
  name: "Kafka",
  words: {
    destination: { one: "topic", many: "topics" },
    group: { one: "consumer group", many: "consumer groups" },
    node: { one: "broker", many: "brokers" },
    health: {
      ok: { word: "ok", why: "Every replica is in sync.", advice: null },
      degraded: {
        word: "under-replicated",
        why: "A replica is not in sync with its leader.",
        advice: advice["under-replicated"],
      },
      refusing: {
        word: "under min ISR",
        why: "Fewer replicas are in sync than producers with acks=all need: their writes are refused.",
        advice: advice["under-min-isr"],
      },
      offline: {
        word: "offline",
        why: "A partition has no leader: it can be neither read nor written.",
        advice: advice.offline,
      },
    },
    advice,
    settings: topicSettings,
    allWell: "Every partition has its leader, every replica is in sync, leaders are spread evenly.",
  },
  icon: "M9 3a2.5 2.5 0 1 1 1.2 2.1v2.2a3.5 3.5 0 0 1 1.9 1.1l2-1.1a2.5 2.5 0 1 1 .9 1.7l-2 1.1a3.5 3.5 0 0 1 0 3.8l2 1.1a2.5 2.5 0 1 1-.9 1.7l-2-1.1a3.5 3.5 0 0 1-1.9 1.1v2.2A2.5 2.5 0 1 1 9 21a2.5 2.5 0 0 1 .2-2.1v-2.2a4 4 0 0 1 0-9.4V5.1A2.5 2.5 0 0 1 9 3z",
  connection: kafkaConnection,
  fields: kafkaFields,
  probe: probeKafka,
  connect: (connection, options) => connectKafka(connection, options.clientId),
}

function connectKafka(connection: KafkaConnection, clientId: string): Broker {
  const client = new KafkaClient(connection, clientId)
  // A broker answers one connection in order: what scans, or asks for share groups, must not make the rest wait.
  const scanner = new KafkaClient(connection, clientId)
  const aside = new KafkaClient(connection, clientId)
  const tails = new Tails()
  return {
    describe: (scope, signal) => describe(client, scope, signal),
    sample: (scope, signal) => sample({ client, aside, tails }, scope, signal),
    logs: { bounds: (destinations, signal) => readBounds(client, destinations, signal) },
    messages: {
      schemas: registryOf(connection),
      read: (positions, signal) => readMessages(client, positions, signal),
      scan: (range, signal) => scan(scanner, range, signal),
    },
    producer: kafkaProducer(client),
    offsets: kafkaOffsets(client),
    deadLetters: kafkaDeadLetters,
    admin: kafkaAdmin(client),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([client, scanner, aside].map((one) => one[Symbol.asyncDispose]()))
    },
  }
}

function registryOf(connection: KafkaConnection): SchemaRegistryAccess | null {
  if (!connection.registryUrl) return null
  return {
    url: connection.registryUrl,
    username: connection.registryUsername ?? null,
    password: connection.registryPassword ?? null,
    ca: connection.ca ?? null,
    verify: connection.verify,
  }
}
