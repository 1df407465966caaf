import { rename, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import {
  createVault,
  keyFileOf,
  keyFits,
  keyOfSecret,
  newKey,
  openVault,
  readKeyFile,
  resealKeyCheck,
  type Vault,
} from "./access/index.ts"
import { resealConnections } from "./clusters/index.ts"
import { DomainError } from "./errors.ts"
import type { Store } from "./store/index.ts"

interface Options {
  secret: string | undefined
  /** SIGNALBOX_NEW_SECRET; without it the key file gets a new key. */
  newSecret: string | undefined
  dataDir: string
}

/**
 * Seals every stored secret anew with a new key, in one transaction: all of them, or none. Returns how many there were.
 * Rejects with `conflict` while Signalbox runs on this database, since it would go on with the old key.
 */
export async function rotateSecret(store: Store, options: Options): Promise<number> {
  await refuseWhileRunning(store)
  if (options.newSecret !== undefined)
    return reseal(store, { from: await openVault(options), to: vaultOf(options.newSecret) })
  if (options.secret !== undefined)
    throw new DomainError(
      "bad_input",
      "The key comes from SIGNALBOX_SECRET: give the new one as SIGNALBOX_NEW_SECRET.",
    )
  return rotateKeyFile(store, options)
}

function vaultOf(secret: string): Vault {
  if (secret.length < 16)
    throw new DomainError("bad_input", "SIGNALBOX_NEW_SECRET must have at least 16 characters.")
  return createVault(keyOfSecret(secret))
}

/** The new key is on disk before the database needs it, and takes the old one's place after. */
async function rotateKeyFile(store: Store, options: Options): Promise<number> {
  const file = keyFileOf(options.dataDir)
  const next = `${file}.new`
  const left = await readKeyFile(next)
  // A rotation that was cut off between the database and the file is finished first.
  if (left && (await keyFits(store, createVault(left)))) await rename(next, file)
  const key = newKey()
  await rm(next, { force: true })
  await writeFile(next, key.toString("base64"), { mode: 0o600, flag: "wx" })
  const count = await reseal(store, { from: await openVault(options), to: createVault(key) })
  await rename(next, file)
  return count
}

function reseal(store: Store, keys: { from: Vault; to: Vault }): Promise<number> {
  return store.prisma.$transaction(
    async (tx) => {
      await resealKeyCheck(tx, keys)
      return resealConnections(tx, keys)
    },
    { timeout: 60_000 },
  )
}

async function refuseWhileRunning(store: Store): Promise<void> {
  const { rows } = await store.pool.query<{ role: string; n: string }>(
    `select count(*) as n from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name = 'signalbox'`,
  )
  const others = Number(rows[0]?.n ?? 0)
  if (others > 0)
    throw new DomainError(
      "conflict",
      `Signalbox runs on this database (${others} connections). Stop every process of it first.`,
    )
}

/** Where the new key is, for what a person is told at the end. */
export function placeOfKey(options: { dataDir: string }): string {
  return path.resolve(keyFileOf(options.dataDir))
}
