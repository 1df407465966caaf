import {
  addOffsetsToTxnV3,
  addPartitionsToTxnV3,
  deleteGroupsV2,
  endTxnV3,
  initProducerIdV4,
  offsetFetchV8,
  txnOffsetCommitV3,
} from "@platformatic/kafka"
import { DomainError } from "#server/errors.ts"
import type { NewMessage, Position, Transfer } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { findCoordinator } from "./find-coordinator.ts"
import { type Lane, toLanes } from "./lanes.ts"
import { newSequences, type ProducerIdentity, produce } from "./produce.ts"
import { accepted, Refused, retrying, toActError } from "./retry.ts"

/** Of the transactional id and of the group in which a transfer keeps its progress. */
const PREFIX = "signalbox-replay-"

/** Whether a group is a transfer's own: nobody reads in it, so it is in no list of groups. */
export function isTransferGroup(group: string): boolean {
  return group.startsWith(PREFIX)
}

/** The broker ends by itself what its holder left open for this long. */
const TRANSACTION_TIMEOUT_MS = 60_000
const ABORT_MS = 5000
const GROUP_ID_NOT_FOUND = 69

/**
 * A transfer is a transactional producer (KIP-98), and a group without members that holds its progress. InitProducerId
 * raises the epoch, which ends what an earlier holder left open and shuts it out; only then progress is read, and only
 * such as no transaction can still change (KIP-447, require_stable).
 */
export async function openTransfer(client: KafkaClient, id: string, signal: AbortSignal): Promise<Transfer> {
  const transactionalId = PREFIX + id
  try {
    const { producerId, producerEpoch } = await retrying(signal, async () => {
      const coordinator = await findCoordinator(client, { kind: "transaction", key: transactionalId }, signal)
      const args: [string, number] = [transactionalId, TRANSACTION_TIMEOUT_MS]
      const answer = await client.send(coordinator, initProducerIdV4.api, { args, signal })
      accepted(answer.errorCode)
      return answer
    })
    return new KafkaTransfer(client, {
      transactionalId,
      producerId,
      producerEpoch,
      sequences: newSequences(),
    })
  } catch (error) {
    throw toActError(error, `The transfer ${id} could not be opened`)
  }
}

class KafkaTransfer implements Transfer {
  readonly #client: KafkaClient
  readonly #identity: ProducerIdentity & { transactionalId: string }
  /** Why no further step may be made: what became of the last one is not known here. */
  #over: string | null = null

  constructor(client: KafkaClient, identity: ProducerIdentity & { transactionalId: string }) {
    this.#client = client
    this.#identity = identity
  }

  get #group(): string {
    return this.#identity.transactionalId
  }

  async progress(signal: AbortSignal): Promise<Position[]> {
    try {
      return await retrying(signal, async () => {
        const coordinator = await findCoordinator(this.#client, { kind: "group", key: this.#group }, signal)
        const asked = [{ groupId: this.#group, memberEpoch: -1, topics: null }]
        const answer = await this.#client.send(coordinator, offsetFetchV8.api, {
          args: [asked, true],
          signal,
        })
        const group = answer.groups[0]
        accepted(group?.errorCode ?? 15)
        return (group?.topics ?? []).flatMap((topic) =>
          topic.partitions.flatMap((partition) => {
            accepted(partition.errorCode)
            const at = { destination: topic.name, partition: partition.partitionIndex }
            return partition.committedOffset < 0n ? [] : [{ ...at, offset: partition.committedOffset }]
          }),
        )
      })
    } catch (error) {
      throw toActError(error, "The progress of the transfer could not be read")
    }
  }

  async step(
    messages: readonly NewMessage[],
    worked: readonly Position[],
    signal: AbortSignal,
  ): Promise<void> {
    if (this.#over !== null) throw new DomainError("conflict", `${this.#over} Open it again.`)
    if (messages.length === 0 && worked.length === 0) return
    try {
      const lanes = messages.length > 0 ? await toLanes(this.#client, messages, signal) : []
      this.#over = "The last step of this transfer was not finished."
      if (lanes.length > 0) await this.#append(lanes, signal)
      if (worked.length > 0) await this.#commitOffsets(worked, signal)
      await this.#end(true, signal)
      this.#over = null
    } catch (error) {
      if (this.#over !== null && !isFenced(error)) await this.#abort()
      throw toActError(error, "This step of the transfer was not made")
    }
  }

  async forget(signal: AbortSignal): Promise<void> {
    try {
      await retrying(signal, async () => {
        const coordinator = await findCoordinator(this.#client, { kind: "group", key: this.#group }, signal)
        const args: [string[]] = [[this.#group]]
        const answer = await this.#client.send(coordinator, deleteGroupsV2.api, { args, signal })
        const code = answer.results[0]?.errorCode ?? 0
        if (code !== GROUP_ID_NOT_FOUND) accepted(code)
      })
    } catch (error) {
      throw toActError(error, "The progress of the transfer could not be deleted")
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = "This transfer was closed."
  }

  async #append(lanes: Lane[], signal: AbortSignal): Promise<void> {
    const { transactionalId, producerId, producerEpoch } = this.#identity
    const topics = [...Map.groupBy(lanes, (lane) => lane.topic)].map(([name, theirs]) => ({
      name,
      partitions: theirs.map((lane) => lane.partition),
    }))
    const transaction = { transactionalId, producerId, producerEpoch, verifyOnly: false, topics }
    await this.#askCoordinator(signal, async (coordinator) => {
      const answer = await this.#client.send(coordinator, addPartitionsToTxnV3.api, {
        args: [[transaction]],
        signal,
      })
      const parts = answer.resultsByTransaction.flatMap((one) => one.topicResults)
      for (const part of parts.flatMap((topic) => topic.resultsByPartition)) accepted(part.partitionErrorCode)
    })
    await produce(this.#client, lanes, { identity: this.#identity, signal })
  }

  async #commitOffsets(worked: readonly Position[], signal: AbortSignal): Promise<void> {
    const { transactionalId, producerId, producerEpoch } = this.#identity
    const group = this.#group
    await this.#askCoordinator(signal, async (coordinator) => {
      const args: [string, bigint, number, string] = [transactionalId, producerId, producerEpoch, group]
      accepted((await this.#client.send(coordinator, addOffsetsToTxnV3.api, { args, signal })).errorCode)
    })
    const topics = [...Map.groupBy(worked, (one) => one.destination)].map(([name, positions]) => ({
      name,
      partitions: positions.map((one) => ({
        partitionIndex: one.partition,
        committedOffset: one.offset,
        committedLeaderEpoch: -1,
        committedMetadata: null,
      })),
    }))
    await retrying(signal, async () => {
      const coordinator = await findCoordinator(this.#client, { kind: "group", key: group }, signal)
      const answer = await this.#client.send(coordinator, txnOffsetCommitV3.api, {
        args: [transactionalId, group, producerId, producerEpoch, -1, "", null, topics],
        signal,
      })
      for (const part of answer.topics.flatMap((topic) => topic.partitions)) accepted(part.errorCode)
    })
  }

  /** Repeated until it is answered: the end of one epoch's transaction may be asked for again. */
  async #end(committed: boolean, signal: AbortSignal): Promise<void> {
    const { transactionalId, producerId, producerEpoch } = this.#identity
    await this.#askCoordinator(signal, async (coordinator) => {
      const args: [string, bigint, number, boolean] = [transactionalId, producerId, producerEpoch, committed]
      accepted((await this.#client.send(coordinator, endTxnV3.api, { args, signal })).errorCode)
    })
  }

  /** Sets the messages free that wait behind an open transaction. Where it fails, the next holder does it. */
  async #abort(): Promise<void> {
    await this.#end(false, AbortSignal.timeout(ABORT_MS)).catch(() => undefined)
  }

  #askCoordinator(
    signal: AbortSignal,
    ask: (coordinator: { host: string; port: number }) => Promise<void>,
  ): Promise<void> {
    return retrying(signal, async () => {
      const key = this.#identity.transactionalId
      await ask(await findCoordinator(this.#client, { kind: "transaction", key }, signal))
    })
  }
}

function isFenced(error: unknown): boolean {
  return (
    error instanceof Refused && (error.code === "PRODUCER_FENCED" || error.code === "INVALID_PRODUCER_EPOCH")
  )
}
