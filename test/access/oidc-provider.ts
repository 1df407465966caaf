import { createServer, type Server } from "node:http"
import { Provider } from "oidc-provider"
import { freePort } from "#scripts/stack/ports.ts"

export interface Person {
  sub: string
  email: string
  email_verified: boolean
  name: string
  groups: string[]
}

export interface OidcServer extends AsyncDisposable {
  issuer: string
  /** Who is in front of the provider's sign-in form; null: whoever cancels it. */
  person: Person | null
}

export const CLIENT = { id: "signalbox", secret: "a secret that distinguishes 71" }

/** A real OpenID provider on loopback, at which `person` signs in without a form. */
export async function startOidcProvider(redirectUri: string): Promise<OidcServer> {
  const port = await freePort()
  const issuer = `http://localhost:${port}`
  const world: { person: Person | null } = { person: null }
  const known = new Map<string, Person>()
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
    pkce: { required: () => true },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
    scopes: ["openid", "email", "profile", "groups"],
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    cookies: { keys: ["a key of the test"] },
    findAccount: (_ctx, accountId) => {
      // Who still has a session there is not asked again; what is known of the person may be new.
      const person = world.person?.sub === accountId ? world.person : known.get(accountId)
      return person ? { accountId, claims: () => ({ ...person }) } : undefined
    },
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        accountId: oidc.session?.accountId ?? "",
        clientId: oidc.client?.clientId ?? "",
      })
      grant.addOIDCScope("openid email profile groups")
      await grant.save()
      return grant
    },
  })
  const answer = provider.callback()
  const server: Server = createServer((request, response) => {
    if (!request.url?.startsWith("/interaction/")) return void answer(request, response)
    const { person } = world
    if (person) known.set(person.sub, person)
    const result = person
      ? { login: { accountId: person.sub, remember: false } }
      : { error: "access_denied", error_description: "cancelled" }
    void provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  })
  await new Promise<void>((resolve) => server.listen(port, "localhost", resolve))
  return Object.assign(world, {
    issuer,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}
