import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"

const folder = path.join(import.meta.dirname, "corpus")

export interface Payload {
  name: string
  bytes: Buffer
  isJson: boolean
}

/**
 * Requests that real SDKs sent: the Java agent 2.33.1 (Kafka, RMI, JMS, RocketMQ; old and new attribute names), Node SDK
 * 2.12.0 (kafkajs, amqplib, gRPC) and Python SDK 1.45.2 (Celery, pika, kafka-python), over HTTP and gRPC.
 */
export const CORPUS: readonly Payload[] = readdirSync(folder)
  .sort()
  .map((name) => ({ name, bytes: readFileSync(path.join(folder, name)), isJson: name.endsWith(".json") }))

/** When they were sent, with room: those in the corpus are of autumn 2026. */
export const ANY_TIME = { from: Date.UTC(2000, 0), to: Date.UTC(2100, 0) }
