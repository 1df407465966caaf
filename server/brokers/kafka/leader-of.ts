import { setTimeout as sleep } from "node:timers/promises"
import { DomainError } from "#server/errors.ts"
import type { ScanRange } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { errorName, problem, toDomainError } from "./errors.ts"
import { type FetchedPartition, fetchArgs, fetchPacked } from "./fetch.ts"
import { EARLIEST, LATEST, listOffsets } from "./log-offsets.ts"
import { type BrokerInfo, fetchMetadata, type TopicInfo } from "./metadata.ts"
import { READ_COMMITTED, READ_UNCOMMITTED } from "./transactions.ts"

/** Bytes of one Fetch. The first batch comes whole, however large it is (KIP-74). */
export const FETCH_BYTES = 1 << 21
/** How long a partition may be without an answering leader before the scan gives up, in ms. */
const GIVE_UP_AFTER = 20_000
const RETRY_AFTER = 250

const OUT_OF_RANGE = 1
const LEADER_NOT_AVAILABLE = 5
/** Errors that fetching the metadata again fixes, sooner or later. */
const PASSING = new Set([
  "UNKNOWN_TOPIC_OR_PARTITION",
  "LEADER_NOT_AVAILABLE",
  "NOT_LEADER_OR_FOLLOWER",
  "REQUEST_TIMED_OUT",
  "REPLICA_NOT_AVAILABLE",
  "NETWORK_EXCEPTION",
  "KAFKA_STORAGE_ERROR",
  "FENCED_LEADER_EPOCH",
  "UNKNOWN_LEADER_EPOCH",
  "OFFSET_NOT_AVAILABLE",
  "UNKNOWN_TOPIC_ID",
  "INCONSISTENT_TOPIC_ID",
])

const NOTHING = { records: Buffer.alloc(0), aborted: [], pending: false }

interface Leader {
  broker: BrokerInfo
  topic: TopicInfo
}

/** What was fetched, and from where: the log may begin later than was asked. */
interface Fetched extends Pick<FetchedPartition, "records" | "aborted"> {
  from: bigint
  /** High watermark; for who reads only what is committed, the last stable offset. */
  end: bigint
  /** It lies behind the last stable offset. */
  pending: boolean
}

/** Fetches from whoever leads one partition now. */
export class LeaderOf {
  readonly #client: KafkaClient
  readonly #range: ScanRange
  readonly #signal: AbortSignal
  #leader: Leader | null = null
  /** The topic's id when the scan began: another one is another topic. */
  #topicId: string | null = null

  constructor(client: KafkaClient, range: ScanRange, signal: AbortSignal) {
    this.#client = client
    this.#range = range
    this.#signal = signal
  }

  /** What lies at `from`, or at the log's start where that is later. Rejects with a DomainError. */
  async fetch(from: bigint): Promise<Fetched> {
    const deadline = Date.now() + GIVE_UP_AFTER
    for (;;) {
      this.#signal.throwIfAborted()
      try {
        const fetched = await this.#fetchOnce(from)
        if (fetched.errorCode === 0) return { ...fetched, from }
        if (fetched.errorCode !== OUT_OF_RANGE) throw this.#refused(fetched.errorCode)
        const start = await this.#bound(EARLIEST)
        if (start <= from) return { ...NOTHING, end: await this.#bound(LATEST), from }
        from = start
      } catch (error) {
        this.#signal.throwIfAborted()
        if (isFinal(error) || Date.now() > deadline) throw toDomainError(error, this.#name())
        this.#leader = null
        await sleep(RETRY_AFTER, undefined, { signal: this.#signal }).catch(() => undefined)
      }
    }
  }

  /** Read committed, since only then Fetch tells what was aborted; what lies behind the last stable offset, without. */
  async #fetchOnce(offset: bigint): Promise<Omit<Fetched, "from"> & { errorCode: number }> {
    const first = await this.#ask(offset, true)
    const onlyCommitted = this.#range.isolation === "committed"
    const end = onlyCommitted ? first.lastStableOffset : first.highWatermark
    const over = first.errorCode !== 0 || first.records.length > 0 || offset >= first.highWatermark
    if (over || onlyCommitted) return { ...first, end, pending: false }
    const behind = await this.#ask(offset, false)
    return { ...behind, end: behind.highWatermark, pending: true }
  }

  async #ask(offset: bigint, committed: boolean): Promise<FetchedPartition> {
    this.#leader ??= await this.#find()
    const { broker, topic } = this.#leader
    const { partition } = this.#range
    const bytes = isSingle(this.#range) ? 1 : FETCH_BYTES
    const args = fetchArgs({ topicId: topic.uid, partition, offset, bytes, committed })
    const answer = await this.#client.send(broker, fetchPacked, { args, signal: this.#signal })
    const [fetched] = answer.partitions
    if (fetched) return fetched
    throw this.#refused(answer.errorCode)
  }

  /** Where the log begins or ends; Fetch does not tell it to whom asks for an offset outside. */
  async #bound(timestamp: bigint): Promise<bigint> {
    this.#leader ??= await this.#find()
    const { broker, topic } = this.#leader
    const { partition } = this.#range
    const topics = [{ ...topic, partitions: topic.partitions.filter((one) => one.index === partition) }]
    const isolation = this.#range.isolation === "committed" ? READ_COMMITTED : READ_UNCOMMITTED
    const request = { timestamp, isolation, signal: this.#signal } as const
    const { offsets } = await listOffsets(this.#client, { brokers: [broker], topics }, request)
    const bound = offsets.get(topic.name)?.[partition] ?? null
    if (bound === null) throw this.#refused(LEADER_NOT_AVAILABLE)
    return bound
  }

  async #find(): Promise<Leader> {
    const { destination, partition } = this.#range
    const metadata = await fetchMetadata(this.#client, [destination], this.#signal)
    const topic = metadata.topics[0]
    if (!topic) {
      const raised = metadata.problems[0]
      const missing = raised?.code === "not_found" && this.#topicId === null
      throw new DomainError(missing ? "not_found" : "unreachable", raised?.message ?? this.#name())
    }
    this.#topicId ??= topic.uid
    if (topic.uid !== this.#topicId) {
      throw new DomainError("conflict", `${destination} was deleted and created again: begin anew.`)
    }
    const info = topic.partitions.find((one) => one.index === partition)
    if (!info) throw new DomainError("not_found", `${destination} has no partition ${partition}.`)
    const broker = metadata.brokers.find((one) => one.nodeId === info.leader)
    if (!broker) throw this.#refused(LEADER_NOT_AVAILABLE)
    return { broker, topic }
  }

  #refused(code: number): DomainError {
    const { destination, partition } = this.#range
    const { message } = problem({ kind: "destination", destination, partition }, code, this.#name())
    return new DomainError(PASSING.has(errorName(code)) ? "unreachable" : "refused_by_broker", message)
  }

  #name(): string {
    return `Partition ${this.#range.partition} of ${this.#range.destination}`
  }
}

function isFinal(error: unknown): boolean {
  return error instanceof DomainError && error.code !== "unreachable" && error.code !== "timeout"
}

/** One message is in the first batch, and that comes whole: nothing more needs to be asked for. */
function isSingle({ from, to }: ScanRange): boolean {
  return to !== null && to - from === 1n
}
