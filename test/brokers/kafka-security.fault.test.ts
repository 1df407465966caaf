import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { systems } from "#server/brokers/systems.ts"
import { type KafkaCluster, startKafka } from "#test/stack/kafka/kafka.ts"
import { MECHANISMS, unsecuredToken } from "#test/stack/kafka/security.ts"

let cluster: KafkaCluster
beforeAll(async () => {
  cluster = await startKafka({ security: { tls: true, sasl: true, authorise: true } })
})
afterAll(() => cluster[Symbol.asyncDispose]())

type Listener = Parameters<KafkaCluster["security"]["bootstrap"]>[0]
type Settings = Record<string, unknown>

const soon = () => AbortSignal.timeout(15_000)
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
    ["TLS towards a port without it", () => to("sasl", { ...withTls(), ...signIn("PLAIN") }), "tls", /TLS/],
    ["no TLS towards a port with it", () => to("tls"), "sasl", /TLS or SASL/],
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

  it("rights that are missing", async () => {
    const guest = { sasl: "PLAIN", username: "guest", password: "guest-secret" }
    expect((await failure(to("sasl", guest)))?.step).toBe("authorisation")
  })
})
