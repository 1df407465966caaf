import { Admin, type SASLOptions } from "@platformatic/kafka"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type KafkaCluster, startKafka } from "#scripts/stack/kafka/kafka.ts"
import { MECHANISMS, unsecuredToken } from "#scripts/stack/kafka/security.ts"
import { until } from "#test/until.ts"

let kafka: KafkaCluster

beforeAll(async () => {
  kafka = await startKafka({ security: { tls: true, sasl: true, authorise: true } })
  const plain = { bootstrapBrokers: kafka.security.bootstrap("sasl"), sasl: sasl("PLAIN", "admin") }
  await until("its users are let in", async () => (await topicsSeen(plain)).length > 0)
})
afterAll(() => kafka[Symbol.asyncDispose]())

type Who = "admin" | "guest"

function sasl(mechanism: (typeof MECHANISMS)[number], who: Who): SASLOptions {
  if (mechanism === "OAUTHBEARER") return { mechanism, token: unsecuredToken(who) }
  return { mechanism, ...kafka.security.users[who] }
}

/** Topics that this connection sees, or why it sees none. */
async function topicsSeen(
  options: Omit<ConstructorParameters<typeof Admin>[0], "clientId">,
): Promise<string[]> {
  const admin = new Admin({ clientId: "test", retries: 0, connectTimeout: 60_000, ...options })
  try {
    await admin.createTopics({
      topics: [`seen-${Math.random().toString(36).slice(2)}`],
      partitions: 1,
      replicas: 1,
    })
    return await admin.listTopics()
  } finally {
    await admin.close()
  }
}

describe("a secured cluster", () => {
  test.each(MECHANISMS)("takes %s with and without TLS", async (mechanism) => {
    const ca = kafka.security.certificates?.ca ?? ""
    const plain = { bootstrapBrokers: kafka.security.bootstrap("sasl"), sasl: sasl(mechanism, "admin") }
    expect((await topicsSeen(plain)).length).toBeGreaterThan(0)
    const encrypted = {
      bootstrapBrokers: kafka.security.bootstrap("saslTls"),
      sasl: sasl(mechanism, "admin"),
      tls: { ca },
    }
    expect((await topicsSeen(encrypted)).length).toBeGreaterThan(0)
  })

  test.each(MECHANISMS)("lets a guest in by %s, but do nothing", async (mechanism) => {
    const guest = { bootstrapBrokers: kafka.security.bootstrap("sasl"), sasl: sasl(mechanism, "guest") }
    await expect(topicsSeen(guest)).rejects.toThrow()
  })

  test("refuses a wrong password", async () => {
    const wrong = { mechanism: "SCRAM-SHA-512", username: "admin", password: "wrong" } as const
    await expect(
      topicsSeen({ bootstrapBrokers: kafka.security.bootstrap("sasl"), sasl: wrong }),
    ).rejects.toThrow()
  })

  test("asks for a client certificate on the mTLS listener only", async () => {
    const { ca = "", clientCertificate, clientKey } = kafka.security.certificates ?? {}
    const connect = (listener: "tls" | "mtls", tls: object) => {
      const admin = new Admin({
        clientId: "test",
        retries: 0,
        connectTimeout: 60_000,
        bootstrapBrokers: kafka.security.bootstrap(listener),
        tls,
      })
      return admin.metadata({ topics: [] }).finally(() => admin.close())
    }
    expect((await connect("tls", { ca })).brokers.size).toBe(1)
    expect((await connect("mtls", { ca, cert: clientCertificate, key: clientKey })).brokers.size).toBe(1)
    await expect(connect("mtls", { ca })).rejects.toThrow()
  })
})
