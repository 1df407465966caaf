import { randomBytes } from "node:crypto"
import { z } from "zod"
import { readDocument, type Store } from "#server/store/index.ts"

const NAME = "installation"

/** A name that no other installation has: ids that leave the house begin with it. */
export async function installationName(store: Store): Promise<string> {
  const value = randomBytes(4).toString("hex")
  await store.pool.query("insert into setting (name, value) values ($1, $2) on conflict do nothing", [
    NAME,
    JSON.stringify(value),
  ])
  const { value: stored } = await store.prisma.setting.findUniqueOrThrow({ where: { name: NAME } })
  return readDocument(z.string(), stored, "The name of this installation")
}
