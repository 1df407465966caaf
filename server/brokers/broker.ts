/**
 * THE SEAM. One connected messaging system, whatever it is.
 *
 * Every broker can tell what it consists of (`describe`) and where everybody stands (`sample`). The rest are
 * capabilities: required keys that are `null` when this connection cannot, so that a decorator that forgets one
 * does not compile. What a cluster can do depends on its version and on our rights, so the connection answers.
 *
 * Rules that hold for every implementation (test/brokers/contract.ts checks them):
 * - A method that can tell only part of the truth returns that part and names the rest in `problems`.
 *   It rejects (with a DomainError) only when it can tell nothing at all. A failure is never a zero.
 * - Offsets are bigint, times are milliseconds since the epoch (UTC), sizes are bytes.
 * - Every method ends soon after its `signal` aborts.
 * - Disposal works before the first use, twice, and while a call is under way.
 */
export interface Broker extends AsyncDisposable {
  /** What the cluster consists of now. Costs O(brokers) requests, plus those that `scope` asks for. */
  describe(scope: DescribeScope, signal: AbortSignal): Promise<Described>
  /** Positions of every destination and every consumer group, in O(brokers) requests: the collector's sweep. */
  sample(scope: SampleScope, signal: AbortSignal): Promise<Sampled>
  /** Where logs begin and end, for whoever looks at a few of them. */
  readonly logs: Logs | null
  /** Reading messages: single ones by position, and whole ranges in order. */
  readonly messages: Messages | null
  /** Sending messages, and moving many of them exactly once. */
  readonly producer: Producer | null
  /** Finding and writing the positions of consumer groups, without joining them. */
  readonly offsets: Offsets | null
  /** Knowing dead letters when it sees them. */
  readonly deadLetters: DeadLetters | null
  /** Creating, changing and deleting what the cluster consists of. */
  readonly admin: Admin | null
}

/** Something that could not be read, and why. `part` names the smallest thing that is unknown because of it. */
export interface Problem {
  part: ProblemPart
  /** The broker's own name of the error where it has one (LEADER_NOT_AVAILABLE), else a short word (timeout). */
  code: string
  /** One sentence for a person. */
  message: string
  /** The cause alone, as the end of a sentence: "the partition has no leader". */
  reason?: string
}

export type ProblemPart =
  | { kind: "cluster" }
  | { kind: "node"; node: number }
  | { kind: "destination"; destination: string; partition?: number }
  | { kind: "group"; group: string; member?: string }

/**
 * What to describe. Absent means "not now" and costs nothing; `"all"` means every one.
 * Lists are names; a name that does not exist comes back as a problem with code `not_found`.
 */
export interface DescribeScope {
  nodes?: boolean
  destinations?: "all" | readonly string[]
  /** Configuration of these destinations. */
  configs?: "all" | readonly string[]
  groups?: "all" | readonly string[]
}

export interface Described {
  at: number
  /** Name that the cluster gives itself (Kafka: cluster.id). */
  clusterId: string | null
  /** Version of the broker software, as precise as it can be known: "4.3", or "4.2 or later". */
  version: string | null
  nodes: BrokerNode[]
  destinations: Destination[]
  configs: DestinationConfig[]
  groups: ConsumerGroup[]
  /** What is wrong by the system's own rules, worst first; empty unless nodes, destinations and configs are all asked. */
  findings: Finding[]
  problems: Problem[]
}

/** Something that an operator should see to. */
export interface Finding {
  level: "bad" | "warn" | "info"
  /** A short name that stays: node-down, offline, ... */
  kind: string
  /** One sentence. */
  message: string
  destinations: string[]
}

export interface BrokerNode {
  id: number
  host: string
  port: number
  rack: string | null
  controller: boolean
  /** false: registered, but it did not answer; null: unknown. */
  online: boolean | null
  logDirs: LogDir[] | null
}

export interface LogDir {
  path: string
  /** Bytes on disk of all replicas in this directory. */
  usedBytes: bigint
  /** Size of the volume and what is free on it; null where the broker does not say (Kafka before 3.3). */
  totalBytes: bigint | null
  freeBytes: bigint | null
  error: string | null
}

export interface Destination {
  name: string
  /** Identity that survives nothing but this very destination: a re-created one has another. Null: unknown. */
  uid: string | null
  internal: boolean
  partitions: Partition[]
  redundancy: Redundancy
  /** What whoever reads it should know now, in sentences; only of destinations that are asked for by name. */
  notes: string[]
}

/** How safely a destination is kept, by the system's own rules; but for `copies`, numbers of partitions. */
export interface Redundancy {
  /** Copies that there should be of each message. */
  copies: number
  /** With fewer copies in sync than there should be. */
  degraded: number
  /** With fewer than its settings want for writes, where these are asked for: some writes are refused. */
  refusing: number
  /** That can be neither read nor written. */
  offline: number
}

export interface Partition {
  index: number
  /** Node id; null: there is no leader. */
  leader: number | null
  replicas: number[]
  isr: number[]
  offlineReplicas: number[]
  /** Bytes on disk of one copy, the leader's; null: unknown. */
  bytes: bigint | null
}

export interface DestinationConfig {
  destination: string
  entries: ConfigEntry[]
  /** What the entries say of deletion. */
  retention: Retention
}

/** When messages are deleted. Null: unlimited or unknown. */
export interface Retention {
  ms: number | null
  bytes: number | null
  /** False: compaction only, nothing is deleted by age or size. */
  deletes: boolean
  /** True: compaction removes messages, so that a difference of offsets is no count of them. */
  compacts: boolean
}

export interface ConfigEntry {
  name: string
  /** Null: sensitive, or not set. */
  value: string | null
  /** Who set it, in the broker's words made small: "default", "static", "dynamic-broker", "topic", ... */
  source: string
  isDefault: boolean
  sensitive: boolean
  readOnly: boolean
  /** True: set on this very destination. */
  isOverride: boolean
  /** What it would be without the override; null: unknown. */
  default: string | null
}

export interface ConsumerGroup {
  name: string
  /** Kafka: classic, consumer (KIP-848), share (KIP-932), streams (KIP-1071). */
  type: string
  /** The system's own word in lower case: stable, empty, preparing-rebalance, reconciling, dead, unknown, ... */
  state: string
  /** Partition assignor or protocol in use; null: none or unknown. */
  assignor: string | null
  coordinator: number | null
  /** Null: could not be read (see problems); an empty list: there is none. */
  members: GroupMember[] | null
}

export interface GroupMember {
  id: string
  /** group.instance.id of a static member. */
  instanceId: string | null
  clientId: string
  host: string
  /** Null: the assignment could not be decoded (see problems). */
  assignment: { destination: string; partitions: number[] }[] | null
}

/** Limits of a sweep. Everything by default. */
export interface SampleScope {
  /** Only these groups and destinations; used when a person looks at one of them. */
  groups?: readonly string[]
  destinations?: readonly string[]
}

/** Positions at one moment. Arrays are indexed by partition; null at an index: not known this time. */
export interface Sampled {
  /** When the end offsets were read. */
  at: number
  /** Ids of the nodes that are part of the cluster now. Another set than before makes the collector describe it at once. */
  nodes: number[]
  destinations: SampledDestination[]
  groups: SampledGroup[]
  problems: Problem[]
  cost: { requests: number; bytesIn: number; bytesOut: number; ms: number }
}

export interface SampledDestination extends LogBounds {
  /** Offsets behind positions of groups that are known to hold no message (transaction markers, aborted, compacted). */
  empty?: OffsetRange[]
}

/** Where the log of a destination begins and ends. Arrays are indexed by partition; null: not known this time. */
export interface LogBounds {
  name: string
  uid: string | null
  internal: boolean
  /** The first offset that can still be read. */
  starts: (bigint | null)[]
  /** High watermarks: one past the last offset a read_uncommitted consumer can read. */
  ends: (bigint | null)[]
  /** One past the last offset a read_committed consumer can read, where the system has transactions. */
  stable?: (bigint | null)[]
}

export interface Logs {
  /**
   * Where the logs of these destinations begin and end now, in O(brokers) requests; no group is asked for. A name that
   * does not exist comes back as a problem with code `not_found`.
   */
  bounds(
    destinations: readonly string[],
    signal: AbortSignal,
  ): Promise<{ found: LogBounds[]; problems: Problem[] }>
}

/** Offsets of one partition from `from` up to `to`, exclusive. */
export interface OffsetRange {
  partition: number
  from: bigint
  to: bigint
}

export interface SampledGroup {
  name: string
  type: string
  state: string
  /** True: the system says that nobody is in it. */
  empty: boolean
  /** False: its commits could not be read this time (see problems); `commits` is then empty and says nothing. */
  known: boolean
  commits: GroupCommits[]
}

export interface GroupCommits {
  destination: string
  /** Null: no commit on this partition. */
  offsets: (bigint | null)[]
  /** Partitions whose commit could not be read this time: unknown, not "no commit". */
  unknown: number[]
}

export interface Messages {
  /** Where the schemas of its messages are registered; null: nowhere that is known. */
  readonly schemas: SchemaRegistryAccess | null
  /**
   * The messages at these positions, or the first after each where that offset itself no longer exists
   * (compacted, a control record). A position at or past the end gives `message: null`.
   */
  read(
    positions: readonly Position[],
    signal: AbortSignal,
  ): Promise<{ found: MessageAt[]; problems: Problem[] }>
  /**
   * The messages of one partition in order, from `from` (or the first that exists after it) up to `to`, exclusive.
   * Without `to` it goes on with what arrives, until the signal aborts, and then just ends; with `to` an abort rejects.
   * Reads ahead at most one batch, so that memory stays flat however slowly its caller takes them: the buffers of a
   * message are views of its batch, to be copied by whoever keeps them. Rejects with a DomainError when the partition
   * cannot be read.
   */
  scan(range: ScanRange, signal: AbortSignal): AsyncIterable<ScannedBatch>
}

/** A schema registry with Confluent's HTTP API, and how to get in. */
export interface SchemaRegistryAccess {
  url: string
  username: string | null
  password: string | null
  /** PEM of the certificate authority; null: those the machine trusts. */
  ca: string | null
  verify: boolean
}

export interface ScanRange {
  destination: string
  partition: number
  from: bigint
  to: bigint | null
  /**
   * `committed`: only what is not `withheld`; the scan then ends before the first message that is pending. Absent: all
   * that lies there.
   */
  isolation?: "committed"
  /** `named`: what cannot be read is told with its batch, and the scan goes on behind it. Absent: the scan rejects. */
  unreadable?: "named"
}

export interface ScannedBatch {
  messages: Message[]
  /** Where the next batch begins: offsets below it have been looked at, whether a message was there or not. */
  next: bigint
  /** End of the partition as it was told with this batch; with `committed` where what is pending begins. */
  end: bigint
  /** Bytes as they came over the network, compressed as they were. */
  bytes: number
  /** Why its messages could not be read, in a sentence; null: they were. */
  problem: string | null
}

export interface Position {
  destination: string
  partition: number
  offset: bigint
}

export interface MessageAt {
  position: Position
  message: Message | null
}

export interface Message {
  offset: bigint
  /**
   * Milliseconds since the epoch, if the producer kept to it: any 64-bit number may stand here. Null: there is none (-1).
   */
  timestamp: bigint | null
  /** Who set the timestamp. */
  timestampType: "create" | "append" | null
  key: Buffer | null
  value: Buffer | null
  headers: { key: string; value: Buffer | null }[]
  /** Set on what is no message of a producer but a mark of the broker: the end of a transaction. */
  control: "commit" | "abort" | null
  /**
   * Why it is kept from consumers that read only what is committed: its transaction was aborted, for good; or it is
   * pending, behind the begin of a transaction that is open. Null: everybody gets it.
   */
  withheld: "aborted" | "pending" | null
}

export interface NewMessage {
  destination: string
  /** Null: chosen by the key, as the system's own producers choose. */
  partition: number | null
  key: Buffer | null
  value: Buffer | null
  headers: { key: string; value: Buffer | null }[]
  /** Milliseconds since the epoch; null: now. */
  timestamp: number | null
}

export interface Producer {
  /** Sends messages, acknowledged by all in-sync replicas; answers where each came to lie, in the same order. */
  send(messages: readonly NewMessage[], signal: AbortSignal): Promise<Position[]>
  /**
   * Opens a move of messages that loses none and doubles none, whatever dies in between. Whoever opens the same `id`
   * later shuts out the earlier one for good (Kafka: KIP-98, transactional id and producer epoch). Where the progress is
   * kept as a group's, no list and no sweep tells of that group.
   */
  openTransfer(id: string, signal: AbortSignal): Promise<Transfer>
}

export interface Transfer extends AsyncDisposable {
  /** How far the source has been worked: the next offset by partition. Empty: nothing was done. */
  progress(signal: AbortSignal): Promise<Position[]>
  /**
   * All of it or nothing: these messages are sent, and the source has been worked up to `worked`. Which of the two is
   * not known when it rejects: open the transfer again, and its progress tells. Rejects with `conflict` for a holder
   * that was shut out.
   */
  step(messages: readonly NewMessage[], worked: readonly Position[], signal: AbortSignal): Promise<void>
  /** Forgets the progress: nobody will go on with this transfer. */
  forget(signal: AbortSignal): Promise<void>
}

/** What binds whoever writes the positions of a group. */
export interface PositionRules {
  /** Why they cannot be written from outside, in a sentence; null: they can. */
  refusal: string | null
  /** Why positions are removed for all partitions of a destination together; null: they need not be. */
  onlyWhole: string | null
  /** What else follows for its consumers, in sentences. */
  effects: readonly string[]
}

export interface Offsets {
  /** The type of a group that a commit creates. */
  readonly createdType: string
  /** By the type of a group. Pure: it asks no broker. */
  rules(type: string): PositionRules
  /** Per position asked: the first offset whose message has this time or a later one; null: there is none yet. */
  atTime(
    asked: readonly { destination: string; partition: number; timestamp: number }[],
    signal: AbortSignal,
  ): Promise<{
    found: { destination: string; partition: number; offset: bigint | null; timestamp: bigint | null }[]
    problems: Problem[]
  }>
  /**
   * Writes positions of a group that has no member, in one request; a group that does not exist is made by it. Answers
   * partition by partition: what is not among `problems` was written. Rejects with `conflict` when the group is active.
   */
  commit(
    group: { name: string; type: string },
    positions: readonly Position[],
    signal: AbortSignal,
  ): Promise<{ written: Position[]; problems: Problem[] }>
  /** Forgets positions of a group, so that it has no commit there. */
  remove(
    group: { name: string; type: string },
    partitions: readonly { destination: string; partition: number }[],
    signal: AbortSignal,
  ): Promise<{ problems: Problem[] }>
}

export interface DeadLetters {
  /** In order of trust: the first that knows a message reads it. */
  readonly dialects: readonly DeadLetterDialect[]
}

/**
 * How one framework marks what its consumers gave up on. Pure: it knows only what stands in the message.
 *
 * RabbitMQ comes next: its header `x-death` is a list of tables {queue, reason, count, exchange, routing-keys, time},
 * newest first. The table of `x-first-death-queue` gives original.destination (the queue), `time` the timestamp, the sum
 * of `count` the attempts, and `reason` (rejected, expired, maxlen, delivery_limit) stands for the exception's type;
 * partition and offset are null, since a queue has none. There `claims` is the dead-letter exchange of a queue's policy.
 */
export interface DeadLetterDialect {
  /** spring, connect, streams, plain, x-death, ... */
  id: string
  /** Its users' word for it: Spring Kafka. */
  name: string
  /** Whether a destination is one of this dialect's by its name alone. */
  claims(destination: string): boolean
  /** What the message says of its failure; null: it is not one of this dialect's. */
  read(destination: string, message: Message): DeadLetterFacts | null
  /** The names of the headers that this dialect adds, to be taken off before the message is sent again. */
  isOwnHeader(header: string): boolean
}

/** What a dead letter tells of itself; null: it does not say. */
export interface DeadLetterFacts {
  original: {
    destination: string
    partition: number | null
    offset: bigint | null
    /** ms since the epoch, if the producer kept to it. */
    timestamp: bigint | null
  } | null
  /** The key that the message had, where the framework writes its own in its place; absent: it is as it was. */
  originalKey?: Buffer | null
  /** Who gave up on it: consumer group, connector, application. */
  group: string | null
  exception: { type: string | null; message: string | null; stack: string | null }
  /** How often it was tried, where that is told. */
  attempts: number | null
}

/** Settings of a destination by name; null: not set. */
export type Settings = ReadonlyMap<string, string | null>

/** What settings of destinations mean. Pure: it asks no broker. */
export interface SettingRules {
  /** Whether only the newest message of each key is kept. */
  isCompacted(settings: Settings): boolean
  /** Why no messages can be deleted, in a sentence; null: they can. */
  whyNotEmptied(settings: Settings): string | null
  /** What may surprise later, though the broker takes it. `before` null: it is created; `replicas` null: not known. */
  warnings(change: { before: Settings | null; after: Settings; replicas: number | null }): string[]
  /** Messages older than this, in ms, are deleted soon because of the change; null: none are. */
  deletesOlderThan(change: { before: Settings; after: Settings }): number | null
}

export interface Admin {
  readonly settings: SettingRules
  createDestination(input: NewDestination, how: HowToAct, signal: AbortSignal): Promise<void>
  /** Sets (or, with null, takes back to the default) single settings; leaves the others (KIP-339). */
  configure(
    wanted: { destination: string; changes: readonly { name: string; value: string | null }[] },
    how: HowToAct,
    signal: AbortSignal,
  ): Promise<void>
  /** `total` is the number there will be. */
  growDestination(
    wanted: { destination: string; total: number },
    how: HowToAct,
    signal: AbortSignal,
  ): Promise<void>
  /** Deletes the messages below each position; answers the first offset that is left. */
  deleteRecords(
    before: readonly Position[],
    signal: AbortSignal,
  ): Promise<{ left: Position[]; problems: Problem[] }>
  deleteDestination(destination: string, signal: AbortSignal): Promise<void>
  /** Rejects with `conflict` when the group is active. */
  deleteGroup(group: { name: string; type: string }, signal: AbortSignal): Promise<void>
}

export interface NewDestination {
  name: string
  /** Null: the cluster's default. */
  partitions: number | null
  replicas: number | null
  configs: readonly { name: string; value: string }[]
}

/** `dryRun`: the broker checks all of it and does nothing. */
export interface HowToAct {
  dryRun: boolean
}
