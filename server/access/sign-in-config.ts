import { z } from "zod"
import { DomainError } from "#server/errors.ts"

const role = z.enum(["viewer", "operator", "admin"])
const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== "")
const list = z.union([z.array(z.string()), z.string().transform(words)])
const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/

const oidc = z.strictObject({
  /** As the sign-in page calls it. */
  name: z.string().min(1).max(40).default("single sign-on"),
  issuer: z
    .url()
    .refine((url) => url.startsWith("https://") || LOOPBACK.test(url), "must begin with https://")
    .transform((url) => url.replace(/\/$/, "")),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
  scopes: list.default(["openid", "email", "profile"]),
  groupsClaim: z.string().min(1).default("groups"),
  roles: z
    .array(z.strictObject({ group: z.string().min(1), role, cluster: z.string().optional() }))
    .default([]),
  /** For who is in none of these groups; without it, such a person may not sign in. */
  defaultRole: role.optional(),
})

/** The part `signIn` of signalbox.yaml. What comes from the environment is always text. */
export const signInSection = z.strictObject({
  password: z
    .union([
      z.boolean(),
      z.enum(["on", "off", "true", "false"]).transform((text) => text === "on" || text === "true"),
    ])
    .default(true),
  oidc: oidc.optional(),
})

export type SignInConfig = z.output<typeof signInSection>
export type OidcConfig = z.output<typeof oidc>

/**
 * How people sign in: as signalbox.yaml says, and where it says nothing, as the environment does. Throws a DomainError
 * that names what is wrong.
 */
export function readSignIn(section: SignInConfig | undefined, env: NodeJS.ProcessEnv): SignInConfig {
  const config = section ?? parse(fromEnvironment(env))
  if (!config.password && !config.oidc)
    throw new DomainError(
      "bad_input",
      "Password sign-in is off and no OIDC issuer is set: nobody could sign in.",
    )
  return config
}

function parse(values: unknown): SignInConfig {
  const parsed = signInSection.safeParse(values)
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; ")
  throw new DomainError("bad_input", `The sign-in settings are not right: ${wrong}. See docs/access.md.`)
}

function fromEnvironment(env: NodeJS.ProcessEnv): unknown {
  const settings = {
    name: env.SIGNALBOX_OIDC_NAME,
    issuer: env.SIGNALBOX_OIDC_ISSUER,
    clientId: env.SIGNALBOX_OIDC_CLIENT_ID,
    clientSecret: env.SIGNALBOX_OIDC_CLIENT_SECRET,
    scopes: env.SIGNALBOX_OIDC_SCOPES,
    groupsClaim: env.SIGNALBOX_OIDC_GROUPS_CLAIM,
    roles: env.SIGNALBOX_OIDC_ROLES?.split(",").map(toMapping),
    defaultRole: env.SIGNALBOX_OIDC_DEFAULT_ROLE,
  }
  return {
    password: env.SIGNALBOX_PASSWORD_SIGN_IN,
    oidc: settings.issuer === undefined ? undefined : settings,
  }
}

/** "sre=admin" for all clusters, "dev=operator@prod-eu" for one. */
function toMapping(text: string): unknown {
  const at = text.lastIndexOf("=")
  const [held, cluster] = text.slice(at + 1).split("@")
  return { group: text.slice(0, Math.max(at, 0)).trim(), role: held?.trim(), cluster: cluster?.trim() }
}
