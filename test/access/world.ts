import { randomUUID } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { inject } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { createUser } from "#server/access/users.ts"
import type { Actor, Role } from "#server/actor.ts"
import { migrate } from "#server/store/index.ts"
import { createContext } from "#server/trpc/context.ts"
import { createCaller } from "#server/trpc/router.ts"
import { type Web, web } from "#server/web.ts"
import { POST as authHandler } from "../../app/api/auth/[...all]/route.ts"

export const ORIGIN = "http://localhost:3000"

/** The web process's own things over a fresh database, as its route handlers see them. One a test file. */
export async function webWorld(postgresUrl = inject("postgresUrl")): Promise<{ web: Web } & AsyncDisposable> {
  const database = await createDatabase(postgresUrl)
  const dataDir = await mkdtemp(path.join(tmpdir(), "signalbox-data-"))
  await migrate(database.url)
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    SIGNALBOX_DATA_DIR: dataDir,
    SIGNALBOX_METRICS_TOKEN: "a token for metrics",
    LOG_LEVEL: process.env.LOG_LEVEL ?? "silent",
  })
  const own = await web()
  return {
    web: own,
    [Symbol.asyncDispose]: async () => {
      await own.live[Symbol.asyncDispose]()
      await own.store[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
      await rm(dataDir, { recursive: true })
    },
  }
}

/** A person who is signed in, and the cookie that says so. */
export async function signedIn(own: Web, role: Role | null): Promise<{ cookie: string; id: string }> {
  const user = {
    name: "Somebody",
    email: `${role ?? "guest"}-${randomUUID()}@example.org`,
    password: "a long enough one",
    role,
  }
  const id = await createUser(own.store, user)
  return { id, cookie: cookieOf(await askAuth("sign-in/email", user)) }
}

/** The context of whoever sends this cookie. */
export function contextFrom(cookie: string) {
  return createContext(new Headers({ cookie }))
}

/** Whoever opens the set-up page, before there is anyone. */
export function nobody(own: Web) {
  const { store, vault, connections, log } = own
  const actor: Actor = { kind: "nobody" }
  const actorNow = async () => actor
  return createCaller({ web: own, store, vault, connections, log, actor, actorNow, now: Date.now })
}

interface Ask {
  cookie?: string
  headers?: Record<string, string>
}

/** Asks the sign-in service as a browser does. */
export function askAuth(name: string, body: unknown, ask: Ask = {}): Promise<Response> {
  const headers = new Headers({ "content-type": "application/json", origin: ORIGIN, host: "localhost:3000" })
  if (ask.cookie) headers.set("cookie", ask.cookie)
  for (const [key, value] of Object.entries(ask.headers ?? {})) headers.set(key, value)
  return authHandler(
    new Request(`${ORIGIN}/api/auth/${name}`, { method: "POST", headers, body: JSON.stringify(body) }),
  )
}

/** The cookie that a browser would send from now on. */
export function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ")
}
