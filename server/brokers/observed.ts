import { DomainError, isDomainError, messageOf } from "#server/errors.ts"
import type { Admin, Broker, Logs, Messages, Offsets, Producer, ScannedBatch, Transfer } from "./broker.ts"

export interface ObservedCall {
  /** describe, sample, messages.read, admin.createDestination, ... */
  call: string
  outcome: "ok" | "aborted" | "failed"
  ms: number
}

export interface Observation {
  /** Told after every call. Must not throw. */
  observe(call: ObservedCall): void
  /** No call but a scan waits longer, whatever its caller forgot, in ms. */
  deadlineMs?: number
}

const DEADLINE_MS = 60_000

type Run = <Result>(
  call: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
) => Promise<Result>

/**
 * A broker whose calls are timed, end at a deadline, and reject with nothing but a DomainError. Every capability is
 * forwarded; one that is added to the seam and forgotten here does not compile.
 */
export function observed(broker: Broker, observation: Observation): Broker {
  const run = runner(observation)
  return {
    describe: (scope, signal) => run("describe", signal, (within) => broker.describe(scope, within)),
    sample: (scope, signal) => run("sample", signal, (within) => broker.sample(scope, within)),
    logs: broker.logs && observedLogs(broker.logs, run),
    messages: broker.messages && observedMessages(broker.messages, run, observation),
    producer: broker.producer && observedProducer(broker.producer, run),
    offsets: broker.offsets && observedOffsets(broker.offsets, run),
    // Pure: it asks no broker.
    deadLetters: broker.deadLetters,
    admin: broker.admin && observedAdmin(broker.admin, run),
    [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
  }
}

function runner({ observe, deadlineMs = DEADLINE_MS }: Observation): Run {
  return async (call, signal, work) => {
    const began = performance.now()
    const within = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)])
    const tell = (outcome: ObservedCall["outcome"]) =>
      observe({ call, outcome, ms: performance.now() - began })
    try {
      const result = await work(within)
      tell("ok")
      return result
    } catch (error) {
      tell(within.aborted ? "aborted" : "failed")
      throw toDomainError(error, within)
    }
  }
}

/** What a broker may reject with. A caller that gave up itself is told so, too. */
function toDomainError(error: unknown, within: AbortSignal): DomainError {
  if (isDomainError(error)) return error
  if (within.aborted)
    return new DomainError("timeout", "The cluster did not answer in time.", { cause: error })
  return new DomainError("unreachable", `The cluster could not be asked: ${messageOf(error)}`, {
    cause: error,
  })
}

function observedLogs(logs: Logs, run: Run): Logs {
  return {
    bounds: (destinations, signal) =>
      run("logs.bounds", signal, (within) => logs.bounds(destinations, within)),
  }
}

function observedMessages(messages: Messages, run: Run, { observe }: Observation): Messages {
  return {
    schemas: messages.schemas,
    read: (positions, signal) => run("messages.read", signal, (within) => messages.read(positions, within)),
    scan: (range, signal) => observedScan(messages.scan(range, signal), signal, observe),
  }
}

/** A scan lasts as long as its caller likes: it has no deadline, and is told when it ends. */
async function* observedScan(
  batches: AsyncIterable<ScannedBatch>,
  signal: AbortSignal,
  observe: Observation["observe"],
): AsyncGenerator<ScannedBatch> {
  const began = performance.now()
  let outcome: ObservedCall["outcome"] = "ok"
  try {
    yield* batches
  } catch (error) {
    outcome = signal.aborted ? "aborted" : "failed"
    throw toDomainError(error, signal)
  } finally {
    observe({ call: "messages.scan", outcome, ms: performance.now() - began })
  }
}

function observedProducer(producer: Producer, run: Run): Producer {
  return {
    send: (messages, signal) => run("producer.send", signal, (within) => producer.send(messages, within)),
    openTransfer: (id, signal) =>
      run("producer.openTransfer", signal, async (within) =>
        observedTransfer(await producer.openTransfer(id, within), run),
      ),
  }
}

function observedTransfer(transfer: Transfer, run: Run): Transfer {
  return {
    progress: (signal) => run("transfer.progress", signal, (within) => transfer.progress(within)),
    step: (messages, worked, signal) =>
      run("transfer.step", signal, (within) => transfer.step(messages, worked, within)),
    forget: (signal) => run("transfer.forget", signal, (within) => transfer.forget(within)),
    [Symbol.asyncDispose]: () => transfer[Symbol.asyncDispose](),
  }
}

function observedOffsets(offsets: Offsets, run: Run): Offsets {
  return {
    // Pure: they ask no broker.
    createdType: offsets.createdType,
    rules: (type) => offsets.rules(type),
    atTime: (asked, signal) => run("offsets.atTime", signal, (within) => offsets.atTime(asked, within)),
    commit: (group, positions, signal) =>
      run("offsets.commit", signal, (within) => offsets.commit(group, positions, within)),
    remove: (group, partitions, signal) =>
      run("offsets.remove", signal, (within) => offsets.remove(group, partitions, within)),
  }
}

function observedAdmin(admin: Admin, run: Run): Admin {
  return {
    // Pure: it asks no broker.
    settings: admin.settings,
    createDestination: (input, how, signal) =>
      run("admin.createDestination", signal, (within) => admin.createDestination(input, how, within)),
    configure: (wanted, how, signal) =>
      run("admin.configure", signal, (within) => admin.configure(wanted, how, within)),
    growDestination: (wanted, how, signal) =>
      run("admin.growDestination", signal, (within) => admin.growDestination(wanted, how, within)),
    deleteRecords: (before, signal) =>
      run("admin.deleteRecords", signal, (within) => admin.deleteRecords(before, within)),
    deleteDestination: (destination, signal) =>
      run("admin.deleteDestination", signal, (within) => admin.deleteDestination(destination, within)),
    deleteGroup: (group, signal) =>
      run("admin.deleteGroup", signal, (within) => admin.deleteGroup(group, within)),
  }
}
