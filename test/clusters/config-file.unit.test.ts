import { readFile } from "node:fs/promises"
import { describe, expect, it } from "vitest"
import { readFileRules } from "#server/alerts/rules/file-rules.ts"
import { parseConfigFile } from "#server/clusters/config-file.ts"

function parse(text: string, env: Record<string, string> = {}) {
  return parseConfigFile(text, { path: "signalbox.yaml", env: { NODE_ENV: "test", ...env } }).clusters
}

const CLUSTER = `clusters:
  - name: Prod EU
    system: kafka
    connection:
      bootstrap: kafka-1:9092
`

describe("signalbox.yaml", () => {
  it("names clusters; what is not said has a default", () => {
    const connection = { bootstrap: "kafka-1:9092" }
    expect(parse(CLUSTER)).toEqual([
      { name: "Prod EU", slug: "prod-eu", system: "kafka", intervalMs: 10_000, connection },
    ])
  })

  it.each(["", "# nothing yet\n", "clusters: []\n"])("may name none: %j", (text) => {
    expect(parse(text)).toEqual([])
  })

  it("takes values from the environment, or their default", () => {
    const text = CLUSTER.replace("kafka-1:9092", `\${HOST_A}:\${KAFKA_PORT:-9092}`)
    expect(parse(text, { HOST_A: "a" })[0]?.connection).toEqual({ bootstrap: "a:9092" })
    expect(parse(text, { HOST_A: "a", KAFKA_PORT: "1" })[0]?.connection).toEqual({ bootstrap: "a:1" })
  })

  it("leaves what is escaped", () => {
    const text = `${CLUSTER}      sasl: PLAIN\n      username: u\n      password: $\${HOST_A:-b}\n`
    expect(parse(text)[0]?.connection).toMatchObject({ password: `\${HOST_A:-b}` })
  })

  it("takes a number from the environment", () => {
    const text = `${CLUSTER}    intervalMs: \${EVERY}\n`
    expect(parse(text, { EVERY: "5000" })[0]?.intervalMs).toBe(5000)
    expect(() => parse(text, { EVERY: "often" })).toThrow(/line 6: .*intervalMs/)
  })

  it("takes a secret as it is, whatever it holds", () => {
    const text = `${CLUSTER}      sasl: PLAIN\n      username: u\n      password: \${SECRET}\n`
    const secret = `a: "b" # \${HOME}\n- c`
    expect(parse(text, { SECRET: secret })[0]?.connection).toMatchObject({ password: secret })
  })

  it("is refused, with the line and what to do", () => {
    const refused: [string, RegExp][] = [
      [CLUSTER.replace("kafka-1:9092", `\${NOT_SET}`), /line 5: .*NOT_SET, which is not set/],
      [CLUSTER.replace("system: kafka", "system: carrier-pigeon"), /line 3: .*carrier-pigeon/],
      [`${CLUSTER}    intervalMs: 5\n`, /line 6: .*intervalMs/],
      [`${CLUSTER}    colour: red\n`, /line 2: .*colour/],
      [`${CLUSTER}      bootstarp: x\n`, /line 5: .*bootstarp/],
      [CLUSTER.replace("clusters:", "cluster:"), /line 1: .*cluster/],
      [CLUSTER.replace("name: Prod EU", "name: [a"), /signalbox\.yaml: .*line \d/s],
      [`${CLUSTER}${CLUSTER.replace("clusters:\n", "")}`, /line 6: .*prod-eu.*line 2/],
    ]
    for (const [text, words] of refused) expect(() => parse(text), text).toThrow(words)
  })

  it("never says a secret in its errors", () => {
    const text = `${CLUSTER}      sasl: MAGIC\n      password: \${SECRET}\n`
    expect(() => parse(text, { SECRET: "hunter2-hunter2" })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("hunter2") }),
    )
  })

  it("comes with an example that is right", async () => {
    const example = await readFile("signalbox.example.yaml", "utf8")
    expect(parse(example, { KAFKA_PASSWORD: "x" }).map((one) => one.slug)).toEqual(["local", "prod-eu"])
    const env = { NODE_ENV: "test" } as const
    const { alertRules, path } = parseConfigFile(example, { path: "signalbox.example.yaml", env })
    expect(readFileRules(alertRules, path)).toMatchObject({ rules: [{ id: "orders-lag" }], problems: [] })
  })
})

describe("the part signIn", () => {
  const read = (text: string) =>
    parseConfigFile(text, { path: "signalbox.yaml", env: { NODE_ENV: "test", OIDC_SECRET: "s3" } }).signIn

  it("is read with its secrets from the environment", () => {
    const text = `
signIn:
  password: false
  oidc:
    issuer: https://id.example.com
    clientId: signalbox
    clientSecret: \${OIDC_SECRET}
    roles: [{ group: dev, role: operator, cluster: prod-eu }]
`
    expect(read(text)).toMatchObject({ password: false, oidc: { clientSecret: "s3", groupsClaim: "groups" } })
    expect(read("clusters: []")).toBeUndefined()
  })

  it("that is wrong is told with its line", () => {
    const text = "signIn:\n  oidc:\n    issuer: https://id.example.com\n    clientID: x\n"
    expect(() => read(text)).toThrow(/line \d.*signIn\.oidc/)
  })
})
