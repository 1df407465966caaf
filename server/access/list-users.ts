import { z } from "zod"
import type { Role } from "#server/actor.ts"
import type { Context } from "#server/context.ts"
import { pageNumber, text } from "#server/inputs.ts"
import { clustersOf, SELECT_GRANTS } from "./grants.ts"
import { toRole } from "./permissions.ts"

export const listUsersInput = z.object({
  q: text(200).default(""),
  page: pageNumber.default(1),
  pageSize: z.number().int().min(1).max(200).default(50),
})

export interface UserRow {
  id: string
  name: string
  email: string
  role: Role | null
  /** Role by the cluster's slug. */
  clusters: Record<string, string>
  /** invited: has not chosen a password yet, and never signed in. */
  state: "active" | "invited" | "disabled"
  signsInBy: ("password" | "OIDC")[]
  /** ms since the epoch; null: never, or longer ago than sessions are kept. */
  lastSeenAt: number | null
  /** Until when the link that was made last works; null: there is none. */
  linkUntil: number | null
}

const SELECT = {
  id: true,
  name: true,
  email: true,
  role: true,
  disabledAt: true,
  grants: SELECT_GRANTS,
  accounts: { select: { providerId: true } },
  sessions: { select: { updatedAt: true }, orderBy: { updatedAt: "desc" }, take: 1 },
  invite: { select: { expiresAt: true } },
} as const

/** One page of the people who may sign in, by e-mail address. */
export async function listUsers(
  ctx: Context,
  input: z.output<typeof listUsersInput>,
): Promise<{ rows: UserRow[]; total: number }> {
  const contains = { contains: input.q, mode: "insensitive" as const }
  const where = input.q === "" ? {} : { OR: [{ email: contains }, { name: contains }] }
  const [users, total] = await Promise.all([
    ctx.store.prisma.user.findMany({
      where,
      select: SELECT,
      orderBy: { email: "asc" },
      skip: (input.page - 1) * input.pageSize,
      take: input.pageSize,
    }),
    ctx.store.prisma.user.count({ where }),
  ])
  const rows = users.map(({ accounts, sessions, invite, grants, disabledAt, ...user }): UserRow => {
    const signsInBy = accounts.map(({ providerId }) => (providerId === "credential" ? "password" : "OIDC"))
    return {
      ...user,
      role: toRole(user.role),
      clusters: clustersOf(grants),
      state: disabledAt !== null ? "disabled" : signsInBy.length === 0 ? "invited" : "active",
      signsInBy,
      lastSeenAt: sessions[0]?.updatedAt.getTime() ?? null,
      linkUntil: invite && invite.expiresAt.getTime() > ctx.now() ? invite.expiresAt.getTime() : null,
    }
  })
  return { rows, total }
}
