import { type Store, storable } from "#server/store/index.ts"

/** Keys of one service; what makes more puts values into keys. */
const MAX_KEYS = 1000
const LONGEST_KEY = 255

/** What a service has sent, by scope. */
export type KeysByScope = ReadonlyMap<string, ReadonlySet<string>>

/** Remembers which keys of attributes services have sent, so that they can be offered. */
export class AttributeKeys {
  readonly #store: Pick<Store, "pool">
  /** By service id: scope and key. */
  readonly #known = new Map<number, Set<string>>()
  #writing: Promise<unknown> = Promise.resolve()

  constructor(store: Pick<Store, "pool">) {
    this.#store = store
  }

  /** Writes down those that are new; one after the other, since many requests begin with the same. */
  async learn(serviceId: number, keys: KeysByScope): Promise<void> {
    if (this.#missing(serviceId, keys).length === 0) return
    const mine = this.#writing.then(() => this.#write(serviceId, keys))
    this.#writing = mine.catch(() => undefined)
    await mine
  }

  #missing(serviceId: number, keys: KeysByScope): { scope: string; key: string }[] {
    const known = this.#known.get(serviceId)
    const missing = [...keys].flatMap(([scope, names]) =>
      [...names].flatMap((key) =>
        known?.has(`${scope} ${key}`) || key.length > LONGEST_KEY ? [] : [{ scope, key }],
      ),
    )
    return missing.slice(0, Math.max(0, MAX_KEYS - (known?.size ?? 0)))
  }

  async #write(serviceId: number, keys: KeysByScope): Promise<void> {
    const wanted = this.#missing(serviceId, keys)
    if (wanted.length === 0) return
    await this.#store.pool.query(
      "insert into traces.attribute (service_id, scope, key) select $1, * from unnest($2::text[], $3::text[]) on conflict do nothing",
      [serviceId, wanted.map(({ scope }) => scope), wanted.map(({ key }) => storable(key))],
    )
    const known = this.#known.get(serviceId) ?? new Set<string>()
    this.#known.set(serviceId, known)
    for (const { scope, key } of wanted) known.add(`${scope} ${key}`)
  }
}
