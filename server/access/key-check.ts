import { DomainError } from "../errors.ts"
import type { Store } from "../store/index.ts"
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
