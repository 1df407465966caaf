import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import type { PoolClient } from "pg"
import { from as copyFrom } from "pg-copy-streams"
import { COPY_END, COPY_HEAD } from "./copy-rows.ts"

/** Writes rows in PostgreSQL's binary form to a table, named with its columns. */
export async function copy(client: PoolClient, target: string, rows: readonly Buffer[]): Promise<void> {
  if (rows.length === 0) return
  const into = client.query(copyFrom(`copy ${target} from stdin with (format binary)`))
  await pipeline(Readable.from([COPY_HEAD, ...rows, COPY_END]), into)
}
