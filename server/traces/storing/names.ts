import { type Store, storable } from "#server/store/index.ts"

/** What is longer is cut in the dictionary; the span keeps its whole name. */
const MAX_CHARACTERS = 255
/** Operations of one service; what comes after them is one operation, named OTHER. */
const MAX_OPERATIONS = 5000
const MAX_SERVICES = 10_000
/** Operations of all services: names are kept in memory, and each has a row a minute. */
const MAX_IN_ALL = 100_000
/** Names that hold ids or paths would make a dictionary without end. */
const OTHER = "(other)"

export interface OperationName {
  service: string
  kind: number
  name: string
  /** Such as grpc or kafka; "" for none. */
  system: string
}

interface Operation {
  serviceId: number
  kind: number
  name: string
  system: string
}

/** The ids of services and operations in the database, learnt and made as they come. */
export class Names {
  readonly #store: Pick<Store, "pool">
  readonly #services = new Map<string, number>()
  /** By service id, then by kind and name. */
  readonly #operations = new Map<number, Map<string, number>>()
  /** How many there are in it. */
  #size = 0

  constructor(store: Pick<Store, "pool">) {
    this.#store = store
  }

  /** The id that `learn` made sure of. */
  service(name: string): number {
    return this.#services.get(short(name)) ?? this.#services.get(OTHER) ?? 0
  }

  operation(serviceId: number, kind: number, name: string): number {
    const known = this.#operations.get(serviceId)
    return known?.get(`${kind}${short(name)}`) ?? known?.get(`${kind}${OTHER}`) ?? 0
  }

  /** Makes sure that all of these have ids. */
  async learn(names: Iterable<OperationName>): Promise<void> {
    const wanted = [...names].map((one) => ({ ...one, service: short(one.service), name: short(one.name) }))
    await this.#learnServices(new Set(wanted.map((one) => one.service)))
    const missing = new Map<string, Operation>()
    const added = new Map<number, number>()
    for (const one of wanted) {
      const serviceId = this.service(one.service)
      const known = this.#operations.get(serviceId)
      if (known?.has(`${one.kind}${one.name}`) || missing.has(`${serviceId} ${one.kind}${one.name}`)) continue
      const size = (known?.size ?? 0) + (added.get(serviceId) ?? 0)
      const name = size < MAX_OPERATIONS && this.#size + missing.size < MAX_IN_ALL ? one.name : OTHER
      if (known?.has(`${one.kind}${name}`) || missing.has(`${serviceId} ${one.kind}${name}`)) continue
      missing.set(`${serviceId} ${one.kind}${name}`, { serviceId, kind: one.kind, name, system: one.system })
      if (name !== OTHER) added.set(serviceId, (added.get(serviceId) ?? 0) + 1)
    }
    if (missing.size > 0) await this.#learnOperations([...missing.values()])
  }

  async #learnServices(names: Set<string>): Promise<void> {
    const isFull = this.#services.size >= MAX_SERVICES
    const missing = [...names].filter((name) => !this.#services.has(name))
    const wanted = isFull && missing.length > 0 ? [OTHER] : missing
    if (wanted.length === 0 || (isFull && this.#services.has(OTHER))) return
    await this.#store.pool.query(
      "insert into traces.service (name) select unnest($1::text[]) on conflict do nothing",
      [wanted],
    )
    const { rows } = await this.#store.pool.query<{ id: number; name: string }>(
      "select id, name from traces.service where name = any($1)",
      [wanted],
    )
    for (const { id, name } of rows) this.#services.set(name, id)
  }

  async #learnOperations(wanted: readonly Operation[]): Promise<void> {
    const columns = [wanted.map((one) => one.serviceId), wanted.map((one) => one.kind)]
    const values = [...columns, wanted.map((one) => one.name)]
    const given = "unnest($1::int[], $2::smallint[], $3::text[]) as given (service_id, kind, name)"
    await this.#store.pool.query(
      `insert into traces.operation (service_id, kind, name, system)
       select * from unnest($1::int[], $2::smallint[], $3::text[], $4::text[]) on conflict do nothing`,
      [...values, wanted.map((one) => short(one.system))],
    )
    const { rows } = await this.#store.pool.query<{
      id: number
      service_id: number
      kind: number
      name: string
    }>(
      `select id, service_id, kind, name from traces.operation join ${given} using (service_id, kind, name)`,
      values,
    )
    for (const { id, service_id, kind, name } of rows) {
      const known = this.#operations.get(service_id) ?? new Map<string, number>()
      this.#operations.set(service_id, known)
      if (!known.has(`${kind}${name}`)) this.#size += 1
      known.set(`${kind}${name}`, id)
    }
  }
}

function short(name: string): string {
  const cut = name.length > MAX_CHARACTERS ? name.slice(0, MAX_CHARACTERS) : name
  return storable(cut)
}
