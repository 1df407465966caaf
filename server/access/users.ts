import { randomUUID } from "node:crypto"
import type { Role } from "#server/actor.ts"
import { DomainError } from "#server/errors.ts"
import type { Store } from "#server/store/index.ts"
import type { Prisma } from "#server/store/prisma/client.ts"
import { hashPassword } from "./hashing.ts"

export interface NewUser {
  name: string
  email: string
  password: string
  /** On every cluster; null: none yet. */
  role: Role | null
}

/** Adds a person who can sign in, and returns the id. Rejects with `conflict` when the e-mail address is taken. */
export async function createUser(
  store: { prisma: Prisma.TransactionClient },
  user: NewUser,
): Promise<string> {
  const email = user.email.toLowerCase()
  const taken = await store.prisma.user.findUnique({ where: { email }, select: { id: true } })
  if (taken) throw new DomainError("conflict", `There is already a user ${email}.`)
  const id = randomUUID()
  const password = await hashPassword(user.password)
  await store.prisma.user.create({
    data: {
      id,
      name: user.name,
      email,
      emailVerified: true,
      role: user.role,
      accounts: { create: { id: randomUUID(), accountId: id, providerId: "credential", password } },
    },
  })
  return id
}

/** The demo's ready user: made once, left alone after. */
export async function ensureUser(store: Store, user: NewUser): Promise<void> {
  const found = await store.prisma.user.findUnique({
    where: { email: user.email.toLowerCase() },
    select: { id: true },
  })
  if (!found) await createUser(store, user)
}
