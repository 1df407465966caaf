import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { DeadLetterFacts } from "#server/brokers/broker.ts"
import { causeOf, fingerprint } from "#server/failures/fingerprint.ts"
import { topFrame } from "#server/failures/frame.ts"
import { normaliseMessage } from "#server/normalise-message.ts"
import { cpuMs } from "#test/cpu.ts"

describe("a message without what differs from one failure to the next", () => {
  it.each([
    ['For input string: "12,50"', 'For input string: "…"'],
    ['bad value "say \\"hi\\"" here', 'bad value "…" here'],
    ["Unrecognized token 'EUR': was expecting JSON", "Unrecognized token '…': was expecting JSON"],
    ["customer's order can't be read", "customer's order can't be read"],
    ["amount -12,50 is not in 1.000,00", "amount <n> is not in <n>"],
    ["took 1500ms, 12.50EUR", "took <n>ms, <n>EUR"],
    ["order-881 of cust_9f8a7c2b", "order-<n> of cust_<id>"],
    ["3f2504e0-4f89-11d3-9a0c-0305e82c3301 is gone", "<id> is gone"],
    ["at 2026-11-21T09:14:05.123+01:00, and 2026-11-21", "at <date>, and <date>"],
    ["pointer 0xDEADBEEF, hash e3b0c44298fc1c14", "pointer <id>, hash <id>"],
    ["cannot decode as utf8 by v2", "cannot decode as utf8 by v2"],
    ["line: 1, column: 17\n  at [Source: (byte[])]", "line: <n>, column: <n> at [Source: (byte[])]"],
    ["10.0.0.7:9092 refused", "<n>:<n> refused"],
    ["“12” and «13» and `14`", '"…" and "…" and `…`'],
    ["", ""],
  ])("%j becomes %j", (message, expected) => {
    expect(normaliseMessage(message)).toBe(expected)
    expect(normaliseMessage(expected)).toBe(expected)
  })

  it("is the same whatever the values in it were", () => {
    const value = fc.tuple(
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((one) => one.toFixed(2)),
      fc.uuid(),
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((one) => one.toISOString()),
      fc.string().map((one) => JSON.stringify(one)),
      fc.nat().map((one) => `order-${one}`),
    )
    const say = (of: string[]) => `amount ${of[0]} of ${of[1]} at ${of[2]}: ${of[3]} in ${of[4]} is wrong`
    fc.assert(
      fc.property(value, value, (one, other) => {
        expect(normaliseMessage(say(one))).toBe(normaliseMessage(say(other)))
      }),
    )
  })

  it("is never longer than a line", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3000 }), (message) => {
        expect(normaliseMessage(message).length).toBeLessThanOrEqual(300)
      }),
    )
  })

  it("is found quickly in a very long message", () => {
    const work = () => {
      for (const one of ['"', "'", "a1", "0", "-", "12,"]) normaliseMessage(one.repeat(500_000))
    }
    expect(cpuMs(work)).toBeLessThan(1000)
  })
})

describe("the place in one's own code", () => {
  it.each([
    [
      "the deepest cause of Java, past the frameworks",
      `org.springframework.kafka.listener.ListenerExecutionFailedException: x
\tat org.springframework.kafka.listener.Adapter.invoke(Adapter.java:12)
\tat com.example.shop.Listener.on(Listener.java:7)
Caused by: java.lang.NumberFormatException: For input string: "12,50"
\tat java.base/java.lang.Integer.parseInt(Integer.java:652)
\tat com.example.shop.payment.Amounts.lambda$parse$3(Amounts.java:41) ~[app.jar:?]
\t... 12 more`,
      "com.example.shop.payment.Amounts.lambda$parse Amounts.java",
    ],
    [
      "Node.js",
      `TypeError: x is not a function
    at JSON.parse (<anonymous>)
    at parse (/app/node_modules/money/index.js:3:1)
    at capture (/app/src/payment.js:41:7)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)`,
      "capture /app/src/payment.js",
    ],
    [
      "Python, innermost last",
      `Traceback (most recent call last):
  File "/app/main.py", line 8, in run
    capture(order)
  File "/app/payment.py", line 41, in capture
    return Decimal(text)
  File "/usr/lib/python3.13/decimal.py", line 3, in __new__`,
      "capture /app/payment.py",
    ],
    [
      ".NET",
      `System.FormatException: The input string '12,50' was not in a correct format.
   at System.Number.ThrowFormatException[TChar](ReadOnlySpan\`1 value)
   at Shop.Payment.Amounts.Parse(String text) in /src/Amounts.cs:line 41`,
      "Shop.Payment.Amounts.Parse /src/Amounts.cs",
    ],
    [
      "frameworks alone",
      "x\n\tat org.apache.kafka.connect.json.JsonConverter.toConnectData(JsonConverter.java:9)",
      "org.apache.kafka.connect.json.JsonConverter.toConnectData JsonConverter.java",
    ],
    ["nothing like a stack", "no idea what happened", null],
  ])("is found for %s", (_name, stack, frame) => {
    expect(topFrame(stack)).toBe(frame)
  })

  it("does not move when lines do", () => {
    const stack = (line: number) => `E: x\n\tat a.B.c(B.java:${line})`
    expect(topFrame(stack(3))).toBe(topFrame(stack(4)))
  })
})

describe("a fingerprint", () => {
  const facts: DeadLetterFacts = {
    original: { destination: "orders", partition: 3, offset: 17n, timestamp: 1n },
    group: "payment",
    exception: { type: "NumberFormatException", message: 'For input string: "12,50"', stack: null },
    attempts: null,
  }
  const of = (over: Partial<DeadLetterFacts>) => fingerprint(causeOf({ ...facts, ...over }, "orders.DLT"))
  const exception = (over: object) => of({ exception: { ...facts.exception, ...over } })

  it.each<[string, string, boolean]>([
    ["another value", exception({ message: 'For input string: "7,99"' }), true],
    [
      "another position",
      of({ original: { destination: "orders", partition: 0, offset: 99n, timestamp: 2n } }),
      true,
    ],
    ["more attempts", of({ attempts: 4 }), true],
    ["another exception", exception({ type: "IllegalState" }), false],
    ["another sentence", exception({ message: "amount is missing" }), false],
    ["a stack", exception({ stack: "E\n\tat a.B.c(B.java:1)" }), false],
    ["another group", of({ group: "billing" }), false],
    [
      "another topic",
      of({ original: { destination: "parcels", partition: 3, offset: 17n, timestamp: 1n } }),
      false,
    ],
  ])("with %s is the same: %s", (_name, found, same) => {
    expect(found === of({})).toBe(same)
    expect(found).toMatch(/^[0-9a-f]{32}$/)
  })

  it("of a message that says nothing is that of the destination it lies in", () => {
    const nothing: DeadLetterFacts = {
      original: null,
      group: null,
      exception: { type: null, message: null, stack: null },
      attempts: null,
    }
    expect(causeOf(nothing, "orders.DLT").destination).toBe("orders.DLT")
    expect(fingerprint(causeOf(nothing, "a.DLT"))).not.toBe(fingerprint(causeOf(nothing, "b.DLT")))
  })
})
