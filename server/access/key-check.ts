import { DomainError } from "#server/errors.ts"
import type { Store } from "#server/store/index.ts"
import type { Prisma } from "#server/store/prisma/client.ts"
import type { Vault } from "./secrets.ts"

const SETTING = "key-check"

/**
 * Proves that the key fits the database: the first start seals a word with it, every later one opens that word. Rejects
 * with `conflict` when the key is another. Without it a wrong key would show only when a cluster is opened.
 */
export async function checkKey(store: Store, vault: Vault): Promise<void> {
  // One that is already there wins: two first starts at once must not seal with two keys.
  await store.prisma.setting.createMany({
    data: [{ name: SETTING, value: vault.seal("fits", SETTING) }],
    skipDuplicates: true,
  })
  const { value } = await store.prisma.setting.findUniqueOrThrow({
    where: { name: SETTING },
    select: { value: true },
  })
  try {
    vault.open(String(value), SETTING)
  } catch (cause) {
    const advice = "Start with the one that this database was first started with"
    throw new DomainError(
      "conflict",
      `SIGNALBOX_SECRET (or the key file in the data folder) does not fit this database. ${advice}; if it is lost, docs/configuration.md says how to go on.`,
      { cause },
    )
  }
}

/** Whether a key is the one of this database; also true as long as none was used with it. */
export async function keyFits(store: Store, vault: Vault): Promise<boolean> {
  const row = await store.prisma.setting.findUnique({ where: { name: SETTING }, select: { value: true } })
  try {
    if (row) vault.open(String(row.value), SETTING)
    return true
  } catch {
    return false
  }
}

/** Proves the old key, and seals the word with the new one. */
export async function resealKeyCheck(
  tx: Prisma.TransactionClient,
  keys: { from: Vault; to: Vault },
): Promise<void> {
  const row = await tx.setting.findUnique({ where: { name: SETTING }, select: { value: true } })
  if (row) keys.from.open(String(row.value), SETTING)
  const value = keys.to.seal("fits", SETTING)
  await tx.setting.upsert({ where: { name: SETTING }, create: { name: SETTING, value }, update: { value } })
}
