import { type Store, storable } from "#server/store/index.ts"

/** What is longer is cut. */
const MAX_CHARACTERS = 255

export type Entry = { readonly [column: string]: string | number }

export interface DictionaryTable<One extends Entry> {
  /** With the schema; the id is in the column `id`. */
  name: string
  /** Its columns in order, with their types: what is unique. */
  columns: readonly (readonly [column: Extract<keyof One, string>, type: "int" | "smallint" | "text"])[]
  /** Entries of one service at most; further ones have the id 0. */
  most: number
}

/** The ids of what comes again and again, learnt and made as it comes. */
export class Dictionary<One extends Entry & { service_id: number }> {
  readonly #store: Pick<Store, "pool">
  readonly #table: DictionaryTable<One>
  /** By service, then by all columns. */
  readonly #ids = new Map<number, Map<string, number>>()
  #writing: Promise<unknown> = Promise.resolve()

  constructor(store: Pick<Store, "pool">, table: DictionaryTable<One>) {
    this.#store = store
    this.#table = table
  }

  /** The id that `learn` made sure of; 0: there are too many. */
  id(entry: One): number {
    return this.#ids.get(entry.service_id)?.get(this.#keyOf(entry)) ?? 0
  }

  /** Makes sure that all of these have ids; one call after the other, since many begin with the same. */
  async learn(entries: Iterable<One>): Promise<void> {
    const all = [...entries]
    if (this.#missing(all).length === 0) return
    const mine = this.#writing.then(() => this.#write(this.#missing(all)))
    this.#writing = mine.catch(() => undefined)
    await mine
  }

  #missing(entries: readonly One[]): One[] {
    const missing = new Map<string, One>()
    for (const entry of entries) {
      const known = this.#ids.get(entry.service_id)
      if ((known?.size ?? 0) >= this.#table.most) continue
      const key = this.#keyOf(entry)
      if (!known?.has(key)) missing.set(`${entry.service_id} ${key}`, entry)
    }
    return [...missing.values()]
  }

  async #write(entries: readonly One[]): Promise<void> {
    if (entries.length === 0) return
    const { name, columns } = this.#table
    const names = columns.map(([column]) => column).join(", ")
    const values = columns.map(([column]) => entries.map((entry) => short(entry[column])))
    const arrays = columns.map(([, type], i) => `$${i + 1}::${type}[]`).join(", ")
    const given = `unnest(${arrays}) as given (${names})`
    const { pool } = this.#store
    await pool.query(`insert into ${name} (${names}) select * from ${given} on conflict do nothing`, values)
    const { rows } = await pool.query<One & { id: number }>(
      `select id, ${names} from ${name} join ${given} using (${names})`,
      values,
    )
    for (const row of rows) {
      const known = this.#ids.get(row.service_id) ?? new Map<string, number>()
      this.#ids.set(row.service_id, known)
      known.set(this.#keyOf(row), row.id)
    }
  }

  #keyOf(entry: One): string {
    return this.#table.columns.map(([column]) => short(entry[column])).join("\u0000")
  }
}

function short(value: string | number | undefined): string | number {
  return typeof value === "string" ? storable(value.slice(0, MAX_CHARACTERS)) : (value ?? 0)
}
