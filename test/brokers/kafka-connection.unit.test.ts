import { generateKeyPairSync } from "node:crypto"
import { describe, expect, it } from "vitest"
import { kafkaConnection } from "#server/brokers/kafka/connection.ts"

const BOOTSTRAP = "kafka-1:9092"

/** field: message of all that is not right. */
function faults(settings: Record<string, unknown>): Record<string, string> {
  const parsed = kafkaConnection.safeParse({ bootstrap: BOOTSTRAP, ...settings })
  const issues = parsed.error?.issues ?? []
  return Object.fromEntries(issues.map((issue) => [String(issue.path[0]), issue.message]))
}

describe("the settings of a connection", () => {
  it("keep every character of a password", () => {
    const signIn = { sasl: "PLAIN", username: " ann ", password: " with spaces " }
    expect(kafkaConnection.parse({ bootstrap: BOOTSTRAP, ...signIn })).toMatchObject({
      username: "ann",
      password: " with spaces ",
    })
  })

  it.each([
    ["kafka-1:99999", /1 to 65535/],
    ["kafka-1:0", /1 to 65535/],
    ["kafka-1", /host:port/],
    ["", /at least one/],
  ])("refuse the bootstrap server %j", (bootstrap, words) => {
    expect(faults({ bootstrap }).bootstrap).toMatch(words)
  })

  it("say which PEM cannot be read, in words of ours", () => {
    expect(faults({ tls: true, ca: "-----BEGIN CERTIFICATE-----\nnonsense" }).ca).toMatch(/no certificate/)
    const pair = { tls: true, clientCertificate: "x", clientKey: "y" }
    expect(faults(pair)).toMatchObject({
      clientCertificate: expect.stringMatching(/no certificate/),
      clientKey: expect.stringMatching(/no private key/),
    })
  })

  it("ask for the passphrase of an encrypted key, and say when it is wrong", () => {
    const { privateKey: clientKey } = generateKeyPairSync("ec", {
      namedCurve: "P-256",
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "open" },
    })
    const given = (clientKeyPassphrase?: string) => faults({ tls: true, clientKey, clientKeyPassphrase })
    expect(given().clientKeyPassphrase).toMatch(/give its passphrase/)
    expect(given("shut").clientKeyPassphrase).toMatch(/does not open/)
    expect(given("open").clientKeyPassphrase).toBeUndefined()
  })

  it("refuse a token endpoint that is no address", () => {
    const oauth = {
      sasl: "OAUTHBEARER",
      tokenEndpoint: "id.example.com/token",
      clientId: "a",
      clientSecret: "b",
    }
    expect(faults(oauth).tokenEndpoint).toMatch(/https/)
  })
})
