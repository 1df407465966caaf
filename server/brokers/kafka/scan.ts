import type { ScannedBatch, ScanRange } from "../broker.ts"
import type { KafkaClient } from "./client.ts"

/** The records of one partition in order. */
export async function* scan(
  _client: KafkaClient,
  _range: ScanRange,
  _signal: AbortSignal,
): AsyncGenerator<ScannedBatch> {}
