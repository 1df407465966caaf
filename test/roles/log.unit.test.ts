import { expect, it } from "vitest"
import { DomainError } from "#server/errors.ts"
import { createLogger } from "#server/log.ts"

function lineOf(fields: object): string {
  const lines: string[] = []
  const log = createLogger("test", { write: (text: string) => void lines.push(text) })
  log.level = "info"
  log.info(fields, "a line")
  return lines.join("")
}

function nested(depth: number): object {
  return depth === 0 ? { password: "hunter2" } : { inner: nested(depth - 1) }
}

const connection = { host: "kafka-1", config: { sasl: { password: "hunter2" } } }

it.each([
  ["at the top", { password: "hunter2" }],
  ["three levels deep", nested(3)],
  ["deeper than is told", nested(50)],
  ["in a list", { clusters: [{ name: "a", registryPassword: "hunter2" }] }],
  ["in a field of an error", { err: Object.assign(new Error("no"), connection) }],
  ["in the cause of an error", { err: new Error("no", { cause: { config: { password: "hunter2" } } }) }],
  [
    "in the cause of a cause",
    { err: new DomainError("unreachable", "no", { cause: new Error("x", { cause: connection }) }) },
  ],
  ["in bytes", { key: Buffer.from("hunter2") }],
])("a secret is hidden %s", (_, fields) => {
  expect(lineOf(fields)).not.toContain("hunter2")
})

it("an error is told with its type, message, own fields and causes", () => {
  const cause = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })
  const told = JSON.parse(
    lineOf({ err: new DomainError("unreachable", "Broker 1 is away.", { cause }), n: 2n }),
  )
  expect(told).toMatchObject({
    n: "2",
    err: { message: "Broker 1 is away.", code: "unreachable", cause: { code: "ECONNREFUSED" } },
  })
  expect(told.err.stack).toContain("log.unit.test")
})
