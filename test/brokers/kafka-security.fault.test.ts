import { createServer } from "node:http"
import { createServer as createTcpServer } from "node:net"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type KafkaCluster, startKafka } from "#scripts/stack/kafka/kafka.ts"
import { MECHANISMS, unsecuredToken } from "#scripts/stack/kafka/security.ts"
import { oauthToken } from "#server/brokers/kafka/oauth.ts"
import { systems } from "#server/brokers/systems.ts"
import { sendableAt } from "#server/failures/replay/targets.ts"
import { createTopic, kafkaClient } from "./kafka-world.ts"
import { listening } from "./listening.ts"
import { newMessage } from "./producer-contract.ts"

let cluster: KafkaCluster
beforeAll(async () => {
  cluster = await startKafka({ security: { tls: true, sasl: true, authorise: true } })
})
afterAll(() => cluster[Symbol.asyncDispose]())

type Listener = Parameters<KafkaCluster["security"]["bootstrap"]>[0]
type Settings = Record<string, unknown>

const soon = () => AbortSignal.timeout(60_000)
const to = (listener: Listener, settings: Settings = {}) =>
  systems.kafka.connection.parse({ bootstrap: cluster.security.bootstrap(listener), ...settings })
const withTls = () => ({ tls: true, ca: cluster.security.certificates?.ca })
const signIn = (mechanism: string, password = "admin-secret") =>
  mechanism === "OAUTHBEARER"
    ? { sasl: mechanism, token: unsecuredToken("admin") }
    : { sasl: mechanism, username: "admin", password }

async function canSample(connection: ReturnType<typeof to>): Promise<boolean> {
  await using broker = systems.kafka.connect(connection, { clientId: "test", log: () => undefined })
  const sampled = await broker.sample({}, soon())
  return sampled.problems.length === 0
}

/** The first step that did not go well. */
async function failure(connection: ReturnType<typeof to>) {
  const steps = await systems.kafka.probe(connection, soon())
  return steps.find((step) => step.result === "failed" || step.result === "warning")
}

describe("connecting to a secured cluster", () => {
  it("works over TLS, and with a client certificate", async () => {
    const { clientCertificate, clientKey } = cluster.security.certificates ?? {}
    expect(await canSample(to("tls", withTls()))).toBe(true)
    expect(await canSample(to("mtls", { ...withTls(), clientCertificate, clientKey }))).toBe(true)
  })

  it.each(MECHANISMS)("works with %s, over TLS and without", async (mechanism) => {
    expect(await canSample(to("sasl", signIn(mechanism)))).toBe(true)
    expect(await canSample(to("saslTls", { ...withTls(), ...signIn(mechanism) }))).toBe(true)
  })
})

describe("the connection test says which step fails", () => {
  it("nothing, when all is right", async () => {
    const steps = await systems.kafka.probe(
      to("saslTls", { ...withTls(), ...signIn("SCRAM-SHA-512") }),
      soon(),
    )
    expect(steps.map((step) => step.result)).not.toContain("failed")
    expect(steps.find((step) => step.step === "version")?.message).toBe("Kafka 4.3.")
  })

  it.each<[string, () => ReturnType<typeof to>, string, RegExp]>([
    ["an authority that is not known", () => to("tls", { tls: true }), "tls", /certificate/],
    ["a client certificate that is missing", () => to("mtls", withTls()), "tls", /client certificate/],
    [
      "TLS towards a port without it",
      () => to("sasl", { ...withTls(), ...signIn("PLAIN") }),
      "tls",
      /without TLS/,
    ],
    ["no TLS towards a port with it", () => to("tls"), "tls", /speaks TLS: switch TLS on/],
    ["no TLS towards a port that wants client certificates", () => to("mtls"), "tls", /speaks TLS/],
    ["no sign-in towards a port that wants it", () => to("sasl"), "sasl", /may want SASL/],
    [
      "a sign-in towards a port without it",
      () => systems.kafka.connection.parse({ bootstrap: cluster.bootstrap, ...signIn("PLAIN") }),
      "sasl",
      /wants no sign-in/,
    ],
    [
      "a wrong password",
      () => to("sasl", signIn("SCRAM-SHA-256", "wrong-one")),
      "sasl",
      /user name and the password/,
    ],
    [
      "a certificate that is not verified",
      () => to("tls", { tls: true, verify: false }),
      "tls",
      /not verified/,
    ],
  ])("%s", async (_, connection, step, words) => {
    const failed = await failure(connection())
    expect(failed?.step).toBe(step)
    expect(failed?.message).toMatch(words)
  })

  it("a name without an address, and a port where nothing listens", async () => {
    const nowhere = (bootstrap: string) => systems.kafka.connection.parse({ bootstrap })
    expect(await failure(nowhere("no-such-host.invalid:9092"))).toMatchObject({
      step: "dns",
      result: "failed",
    })
    expect(await failure(nowhere("127.0.0.1:1"))).toMatchObject({ step: "tcp", result: "failed" })
  })

  it("one of several bootstrap servers that does not speak TLS", async () => {
    const [plain = ""] = cluster.security.bootstrap("sasl")
    const [good = ""] = cluster.security.bootstrap("tls")
    for (const bootstrap of [
      [good, plain],
      [plain, good],
    ]) {
      const steps = await systems.kafka.probe(
        systems.kafka.connection.parse({ bootstrap, ...withTls() }),
        soon(),
      )
      const tls = steps.find((step) => step.step === "tls")
      expect(tls).toMatchObject({ result: "warning" })
      expect(tls?.message).toContain(plain)
      expect(tls?.message).toMatch(/without TLS/)
    }
  })

  it("a client key that belongs to another certificate", () => {
    const { ca, clientKey } = cluster.security.certificates ?? {}
    const settings = { bootstrap: "localhost:1", tls: true, clientCertificate: ca, clientKey }
    const parsed = systems.kafka.connection.safeParse(settings)
    expect(parsed.error?.issues[0]?.message).toMatch(/does not belong/)
  })

  it("ends when it is stopped, at a server that never answers", async () => {
    await using silent = await listening(createTcpServer())
    const bootstrap = [`127.0.0.1:${silent.port}`]
    for (const settings of [{}, { tls: true }, signIn("PLAIN")]) {
      const connection = systems.kafka.connection.parse({ bootstrap, ...settings })
      const began = Date.now()
      const steps = await systems.kafka.probe(connection, AbortSignal.timeout(400))
      // Before the client itself would have given up.
      expect(Date.now() - began).toBeLessThan(3500)
      const failed = steps.find((step) => step.result === "failed")
      expect(failed?.message).toMatch(/stopped|in time/)
    }
  })
})

const guest = { sasl: "PLAIN", username: "guest", password: "guest-secret" }

it("a replay waits for a topic that may not be described, and leaves out what is no topic", async () => {
  await createTopic(kafkaClient(cluster.bootstrap), "letters", { partitions: 2 })
  const connectAs = (settings: Settings) =>
    systems.kafka.connect(to("sasl", settings), { clientId: "test", log: () => undefined })
  const letterTo = (destination: string, partition: number) => newMessage(destination, { partition })
  const messages = [
    letterTo("letters", 0),
    letterTo("letters", 7),
    letterTo("absent", 0),
    letterTo("no topic/name", 0),
  ]
  await using visitor = connectAs(guest)
  await expect(sendableAt(visitor, null)(messages, soon())).rejects.toMatchObject({ code: "unreachable" })
  await using admin = connectAs(signIn("PLAIN"))
  const sent = await sendableAt(admin, null)(messages, soon())
  expect(sent).toEqual([
    messages[0],
    { ...messages[1], partition: null },
    "It came from absent, which does not exist.",
    "It came from no topic/name, which does not exist.",
  ])
})

describe("the connection test tells rights that are missing", () => {
  it("and what to grant", async () => {
    const failed = await failure(to("sasl", guest))
    expect(failed).toMatchObject({ step: "authorisation", result: "failed" })
    expect(failed?.message).toMatch(/DESCRIBE on the cluster.*User:guest --operation Describe --cluster/)
  })

  it("and goes on where only some are", async () => {
    await createTopic(kafkaClient(cluster.bootstrap), "orders")
    const allow = (...what: string[]) =>
      cluster.tools.run("acls", ["--add", "--force", "--allow-principal", "User:guest", ...what])
    await allow("--operation", "Describe", "--topic", "*")
    const some = await failure(to("sasl", guest))
    expect(some).toMatchObject({ step: "authorisation", result: "warning" })
    expect(some?.message).toMatch(/DESCRIBE on the cluster/)
    expect(some?.message).toMatch(/DESCRIBE_CONFIGS on the topics/)
    await allow("--operation", "Describe", "--cluster")
    await allow("--operation", "DescribeConfigs", "--topic", "*")
    expect(await failure(to("sasl", guest))).toBeUndefined()
  })
})

describe("signing in with a token endpoint", () => {
  const oauth = (port: number) =>
    to("sasl", {
      sasl: "OAUTHBEARER",
      tokenEndpoint: `http://127.0.0.1:${port}/token`,
      clientId: "signalbox",
      clientSecret: "secret",
    })

  it("shares one token among all connections", async () => {
    let asked = 0
    await using endpoint = await listening(
      createServer((_, response) => {
        asked += 1
        const token = { access_token: unsecuredToken("admin"), expires_in: 3600 }
        setTimeout(() => response.end(JSON.stringify(token)), 50)
      }),
    )
    const token = oauthToken(oauth(endpoint.port))
    expect(new Set(await Promise.all([token(), token(), token()])).size).toBe(1)
    expect(asked).toBe(1)
    expect(await canSample(oauth(endpoint.port))).toBe(true)
    expect(asked).toBe(2)
  })

  it.each<[string, number, string, RegExp]>([
    ["refuses", 401, "no", /token endpoint .* answered 401\. Check the client id/],
    ["answers something else", 200, "<html>", /token endpoint .* answered without a token/],
    ["answers without a token", 200, '{"token":1}', /token endpoint .* answered without a token/],
  ])("tells that the endpoint %s, not that the broker refused", async (_, status, body, words) => {
    await using endpoint = await listening(
      createServer((_request, response) => response.writeHead(status).end(body)),
    )
    const failed = await failure(oauth(endpoint.port))
    expect(failed).toMatchObject({ step: "sasl", result: "failed" })
    expect(failed?.message).toMatch(words)
    await expect(canSample(oauth(endpoint.port))).rejects.toThrow(words)
  })

  it("tells that nothing listens there", async () => {
    expect((await failure(oauth(1)))?.message).toMatch(/token endpoint .* did not answer/)
  })

  it("tells which mechanisms the broker offers instead", async () => {
    const settings = {
      security: { sasl: true },
      config: { "sasl.enabled.mechanisms": "SCRAM-SHA-512,PLAIN" },
    }
    await using other = await startKafka(settings)
    const bootstrap = other.security.bootstrap("sasl")
    const connection = systems.kafka.connection.parse({ bootstrap, ...signIn("SCRAM-SHA-256") })
    const failed = await failure(connection)
    expect(failed?.step).toBe("sasl")
    expect(failed?.message).toMatch(/it offers .*(SCRAM-SHA-512, PLAIN|PLAIN, SCRAM-SHA-512)/)
  })
})
