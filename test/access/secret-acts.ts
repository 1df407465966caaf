// Does what people do with a cluster that has secrets, as the web process does, and prints every answer. Its whole output
// is searched for the secrets by no-secrets.test.ts.
import { inspect } from "node:util"
import { createUser } from "#server/access/users.ts"
import { createContext } from "#server/trpc/context.ts"
import { createCaller } from "#server/trpc/router.ts"
import { web } from "#server/web.ts"
import { GET as exportLog } from "../../app/api/audit/route.ts"
import { POST as signIn } from "../../app/api/auth/[...all]/route.ts"
import { GET as ask } from "../../app/api/trpc/[trpc]/route.ts"

const ORIGIN = "http://localhost:3000"
const secrets: Record<string, string> = JSON.parse(process.env.TEST_SECRETS ?? "{}")
const own = await web()
const admin = await person("admin@example.org", "admin")
const viewer = await person("viewer@example.org", "viewer")
const plain = {
  bootstrap: process.env.TEST_BOOTSTRAP,
  sasl: "PLAIN",
  username: "robot",
  password: secrets.password,
}
const oauth = {
  bootstrap: process.env.TEST_BOOTSTRAP,
  sasl: "OAUTHBEARER",
  tokenEndpoint: "http://127.0.0.1:9/token",
  clientId: "robot",
  clientSecret: secrets.clientSecret,
}
const broken = { ...plain, tls: true, clientCertificate: secrets.clientKey, clientKey: secrets.clientKey }

for (const connection of [
  plain,
  oauth,
  broken,
  { ...plain, bootstrap: "127.0.0.1:1" },
  { ...plain, typo: "x" },
]) {
  await tell(() => admin.clusters.test({ system: "kafka", connection }))
}
await tell(() => viewer.clusters.test({ system: "kafka", connection: plain }))
await tell(() => viewer.clusters.connect({ name: "no", system: "kafka", connection: plain }))
await tell(() => admin.clusters.connect({ name: "bad", system: "kafka", connection: broken }))
await tell(() => admin.clusters.connect({ name: "worse", system: "no-such", connection: plain }))
await tell(() => admin.clusters.connect({ name: "shop", system: "kafka", connection: plain }))
await tell(() => admin.clusters.connect({ name: "oauth", system: "kafka", connection: oauth }))
for (const cluster of ["shop", "oauth"]) {
  const stored = await admin.clusters.getConnection({ cluster })
  print(stored)
  const { revision } = stored
  await tell(() =>
    admin.clusters.testStored({ cluster, connection: { bootstrap: process.env.TEST_BOOTSTRAP } }),
  )
  await tell(() => viewer.clusters.update({ cluster, name: cluster, connection: plain, revision }))
  await tell(() => admin.clusters.update({ cluster, name: cluster, connection: broken, revision }))
  await tell(() => admin.clusters.update({ cluster, name: "renamed", connection: stored.values, revision }))
  await tell(() => admin.clusters.get({ cluster }))
  await tell(() => admin.destinations.get({ cluster, name: "nothing" }))
  await tell(() => admin.groups.members({ cluster, group: "nobody" }))
  await tell(() => viewer.clusters.remove({ cluster, confirm: "" }))
  await tell(() => admin.clusters.remove({ cluster, confirm: "wrong" }))
}
await tell(() => admin.clusters.list())
await tell(() => admin.clusters.systems())
const { token } = await admin.access.tokens.create({ name: "robot", role: "viewer", days: 1 })
await tell(() =>
  admin.access.changePassword({ current: secrets.userPassword ?? "", next: secrets.nextPassword ?? "" }),
)
await tell(() => admin.access.tokens.list())
for (const name of ["clusters.list", 'clusters.get?input={"cluster":"shop"}', "no.such.procedure"]) {
  const headers = { authorization: `Bearer ${token}` }
  print(await (await ask(new Request(`${ORIGIN}/api/trpc/${name}`, { headers }))).text())
}
print(
  await (
    await ask(new Request(`${ORIGIN}/api/trpc/access.me`, { headers: { authorization: `Bearer ${token}x` } }))
  ).text(),
)
const headers = { cookie: await cookieOf("admin@example.org", secrets.nextPassword ?? "") }
for (const format of ["csv", "jsonl"])
  print(await (await exportLog(new Request(`${ORIGIN}/api/audit?format=${format}`, { headers }))).text())
process.send?.({ token, cookie: headers.cookie })
await own.connections[Symbol.asyncDispose]()
await own.live[Symbol.asyncDispose]()
await own.store[Symbol.asyncDispose]()
process.disconnect?.()

async function person(email: string, role: "admin" | "viewer") {
  await createUser(own.store, { email, name: email, password: secrets.userPassword ?? "", role })
  const cookie = await cookieOf(email, secrets.userPassword ?? "")
  return createCaller(await createContext(new Headers({ cookie })))
}

async function cookieOf(email: string, password: string): Promise<string> {
  const headers = { "content-type": "application/json", origin: ORIGIN, host: "localhost:3000" }
  const body = JSON.stringify({ email, password })
  const url = `${ORIGIN}/api/auth/sign-in/email`
  await signIn(
    new Request(url, { method: "POST", headers, body: JSON.stringify({ email, password: `${password}!` }) }),
  )
  const response = await signIn(new Request(url, { method: "POST", headers, body }))
  return response.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ")
}

async function tell(act: () => Promise<unknown>): Promise<void> {
  print(await act().catch((error: unknown) => inspect(error, { depth: 8 })))
}

function print(value: unknown): void {
  console.log(typeof value === "string" ? value : JSON.stringify(value))
}
