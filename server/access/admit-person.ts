import type { Store } from "#server/store/index.ts"
import { audit } from "./audit.ts"
import { grantsOf, groupsOf } from "./group-roles.ts"
import type { OidcConfig } from "./sign-in-config.ts"
import { signingIn } from "./signing-in.ts"

interface Person {
  user: { id?: string | undefined; email?: string | undefined }
  source: { action?: string; oauth?: { profile?: Record<string, unknown> } | undefined }
}

interface Refusal {
  error: string
  errorDescription: string
}

/** Decides who may sign in, and with which roles, before anything is stored of that person. */
export async function admitPerson(
  store: Store,
  config: OidcConfig,
  { user, source }: Person,
): Promise<Refusal | undefined> {
  const groups = groupsOf(source.oauth?.profile?.[config.groupsClaim])
  const grants = grantsOf(config, groups)
  const known = user.id
    ? await store.prisma.user.findUnique({ where: { id: user.id }, select: { disabledAt: true } })
    : null
  const refusal =
    grants === null
      ? { error: "no_role", errorDescription: "None of your groups has a role in Signalbox." }
      : known?.disabledAt
        ? { error: "disabled", errorDescription: "This account is disabled." }
        : grants === "unmapped" && !known
          ? { error: "not_invited", errorDescription: "An administrator must invite you first." }
          : undefined
  const current = signingIn()
  if (!current) return { error: "not_expected", errorDescription: "This sign-in did not begin here." }
  if (refusal) {
    const act = {
      action: "access.sign-in",
      cluster: null,
      target: user.email ?? "",
      result: "refused" as const,
    }
    const ctx = { actor: { kind: "nobody" as const }, from: current.from }
    await audit(store.prisma, ctx, { ...act, reason: refusal.errorDescription })
  } else if (grants !== "unmapped" && grants !== null) current.grants = grants
  return refusal
}
