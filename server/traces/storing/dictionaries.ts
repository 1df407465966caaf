import type { Store } from "#server/store/index.ts"
import type { Ids } from "../calls/counts.ts"
import { AttributeKeys } from "./attribute-keys.ts"
import type { DescribedChunk, DescribedSpan } from "./describe.ts"
import { Dictionary } from "./dictionary.ts"
import { Names, type OperationName } from "./names.ts"

type PeerEntry = { service_id: number; role: string; system: string; name: string; reader: string }
type InstanceEntry = { service_id: number; name: string; version: string; host: string }
type ErrorEntry = { service_id: number; type: string; message: string }

/** Every name that is stored once and written as a number. */
export class Dictionaries {
  readonly names: Names
  readonly #attributes: AttributeKeys
  readonly #peers: Dictionary<PeerEntry>
  readonly #instances: Dictionary<InstanceEntry>
  readonly #errors: Dictionary<ErrorEntry>

  constructor(store: Pick<Store, "pool">) {
    this.names = new Names(store)
    this.#attributes = new AttributeKeys(store)
    const service = ["service_id", "int"] as const
    this.#peers = new Dictionary(store, {
      name: "traces.peer",
      columns: [service, ["role", "text"], ["system", "text"], ["name", "text"], ["reader", "text"]],
      most: 2000,
    })
    this.#instances = new Dictionary(store, {
      name: "traces.instance",
      columns: [service, ["name", "text"], ["version", "text"], ["host", "text"]],
      most: 20_000,
    })
    this.#errors = new Dictionary(store, {
      name: "traces.error",
      columns: [service, ["type", "text"], ["message", "text"]],
      most: 2000,
    })
  }

  /** Makes sure that everything in the chunks has an id. */
  async learn(chunks: readonly DescribedChunk[]): Promise<void> {
    await this.names.learn(operationsOf(chunks))
    const entries = chunks.flatMap(({ chunk, spans }) => {
      const serviceId = this.names.service(chunk.service)
      return spans.map((one) => entriesOf(one, serviceId))
    })
    await this.#peers.learn(entries.flatMap(({ peer }) => peer ?? []))
    await this.#instances.learn(entries.flatMap(({ instance }) => instance ?? []))
    await this.#errors.learn(entries.flatMap(({ error }) => error ?? []))
    for (const { chunk, index } of chunks)
      await this.#attributes.learn(this.names.service(chunk.service), index.keys)
  }

  /** The ids that `learn` made sure of. */
  ids(one: DescribedSpan, serviceId: number): Ids {
    const { peer, instance, error } = entriesOf(one, serviceId)
    return {
      operationId: this.names.operation(serviceId, one.span.kind, one.span.name),
      peerId: peer ? this.#peers.id(peer) : 0,
      instanceId: instance ? this.#instances.id(instance) : 0,
      errorId: error ? this.#errors.id(error) : 0,
    }
  }
}

function entriesOf({ peer, instance, error }: DescribedSpan, service_id: number) {
  return {
    peer: peer && { service_id, ...peer },
    instance: instance && { service_id, ...instance },
    error: error && { service_id, ...error },
  }
}

function* operationsOf(chunks: readonly DescribedChunk[]): Generator<OperationName> {
  const seen = new Set<string>()
  for (const { chunk, spans } of chunks)
    for (const { span, system } of spans) {
      const { kind, name } = span
      const key = `${kind}${name}\0${chunk.service}`
      if (!seen.has(key)) yield { service: chunk.service, kind, name, system }
      seen.add(key)
    }
}
