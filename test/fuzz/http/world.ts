import { inject } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { createUser } from "#server/access/users.ts"
import { syncFileClusters } from "#server/clusters/targets.ts"
import { createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { startWeb, WEB_SECRET } from "#test/browser/web.ts"
import { signInByHttp } from "#test/sign-in.ts"
import type { Dice } from "./dice.ts"
import type { RawRequest } from "./raw.ts"
import type { Sample } from "./routes.ts"

const BROKER_PASSWORD = "the-password-of-a-broker"
const METRICS_TOKEN = "the-token-of-the-metrics"
/** Each may ask so often a minute only. */
const TOKENS = 6

export interface FuzzedWeb extends AsyncDisposable {
  port: number
  topic: string
  /** Of an administrator, who stays signed in. */
  cookie: string
  /** What no answer may contain. */
  secrets: readonly string[]
  /** The request as somebody sends it: a person, a token, or nobody. */
  signed(sample: Sample, dice: Dice): RawRequest
}

/** The built product with a topic, a cluster whose connection is secret, people and tokens. */
export async function openFuzzedWeb(): Promise<FuzzedWeb> {
  await using opened = new AsyncDisposableStack()
  const topic = unique("fuzzed")
  await createTopic(kafkaClient(), topic)
  await produce(kafkaClient(), topic, [{ partition: 0, value: '{"card":"4111"}' }])
  const database = opened.use(await createDatabase(inject("postgresUrl")))
  const bootstrap = inject("kafkaBootstrap")
  const web = opened.use(
    await startWeb({
      databaseUrl: database.url,
      bootstrap,
      roles: ["web"],
      settings: async () => ({ SIGNALBOX_METRICS_TOKEN: METRICS_TOKEN }),
    }),
  )
  const sasl = { mechanism: "PLAIN", username: "app", password: BROKER_PASSWORD }
  const sealed = { name: "sealed", slug: "sealed", system: "kafka", intervalMs: 10_000 }
  const shop = { ...sealed, name: "shop", slug: "shop", connection: { bootstrap: bootstrap.join(",") } }
  await syncFileClusters(web.store, web.vault, [
    shop,
    { ...sealed, connection: { ...shop.connection, sasl } },
  ])
  const origin = web.login.url
  const cookies = [await signInByHttp(origin, web.login)]
  for (const [name, role] of [
    ["vic", "viewer"],
    ["spare", "admin"],
  ] as const) {
    const person = { name, email: `${name}@example.org`, password: "a long enough one", role }
    await createUser(web.store, person)
    cookies.push(await signInByHttp(origin, person))
  }
  const [cookie = "", viewer = "", spare = ""] = cookies
  const tokens: string[] = []
  for (let i = 0; i < TOKENS; i++) tokens.push(await createToken(origin, cookie, `fuzz ${i}`))
  const people: Record<string, string>[] = [
    { cookie, origin },
    { cookie, origin },
    { cookie: viewer, origin },
    {},
  ]
  const signers = [...people, ...tokens.map((token) => ({ authorization: `Bearer ${token}` }))]
  const owned = opened.move()
  return {
    port: Number(new URL(origin).port),
    topic,
    cookie,
    secrets: [BROKER_PASSWORD, METRICS_TOKEN, WEB_SECRET, new URL(database.url).password, ...tokens],
    signed: ({ method, path, body, signsOut }, dice) => ({
      method,
      path,
      headers: {
        ...(signsOut ? { cookie: spare, origin } : dice.pick(signers)),
        ...(body ? { "content-type": body.type } : {}),
      },
      body: body ? Buffer.from(body.text) : null,
    }),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

async function createToken(origin: string, cookie: string, name: string): Promise<string> {
  const response = await fetch(`${origin}/api/trpc/access.tokens.create`, {
    method: "POST",
    headers: { cookie, origin, "content-type": "application/json" },
    body: JSON.stringify({ name, role: "admin", clusters: {}, days: 1 }),
  })
  const { result } = (await response.json()) as { result: { data: { token: string } } }
  return result.data.token
}
