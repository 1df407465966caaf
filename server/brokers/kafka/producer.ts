import { initProducerIdV4 } from "@platformatic/kafka"
import type { NewMessage, Position, Producer } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { toLanes } from "./lanes.ts"
import { newSequences, produce } from "./produce.ts"
import { accepted, retrying, toActError } from "./retry.ts"
import { openTransfer } from "./transfer.ts"

/** Sending, over the connections that the cluster's other requests use. */
export function kafkaProducer(client: KafkaClient): Producer {
  return {
    send: (messages, signal) => send(client, messages, signal),
    openTransfer: (id, signal) => openTransfer(client, id, signal),
  }
}

/**
 * Each call is a producer of its own (InitProducerId without a transactional id): what is sent again after a broken
 * connection is dropped by the broker, and no state is kept between calls.
 */
async function send(
  client: KafkaClient,
  messages: readonly NewMessage[],
  signal: AbortSignal,
): Promise<Position[]> {
  if (messages.length === 0) return []
  try {
    const lanes = await toLanes(client, messages, signal)
    const { producerId, producerEpoch } = await retrying(signal, async () => {
      const answer = await client.sendToAny(initProducerIdV4.api, { args: [null, 60_000], signal })
      accepted(answer.errorCode)
      return answer
    })
    const identity = { transactionalId: null, producerId, producerEpoch, sequences: newSequences() }
    return await produce(client, lanes, { identity, signal })
  } catch (error) {
    throw toActError(error, messages.length === 1 ? "The message was not sent" : "Not all messages were sent")
  }
}
