import { describe, expect, it } from "vitest"
import { connect } from "#server/brokers/kafka/dead-letters/connect.ts"
import { plain } from "#server/brokers/kafka/dead-letters/plain.ts"
import { rebus } from "#server/brokers/kafka/dead-letters/rebus.ts"
import { streams } from "#server/brokers/kafka/dead-letters/streams.ts"
import { uber } from "#server/brokers/kafka/dead-letters/uber.ts"
import { kafkaDeadLetters } from "#server/brokers/kafka/dead-letters.ts"
import { bytes, deadMessage } from "./message.ts"

describe("Kafka Connect's dead letters", () => {
  const message = deadMessage([
    ["__connect.errors.topic", "orders"],
    ["__connect.errors.partition", "2"],
    ["__connect.errors.offset", "9007199254740993"],
    ["__connect.errors.connector.name", "jdbc-sink"],
    ["__connect.errors.task.id", "0"],
    ["__connect.errors.stage", "VALUE_CONVERTER"],
    ["__connect.errors.class.name", "org.apache.kafka.connect.json.JsonConverter"],
    ["__connect.errors.exception.class.name", "org.apache.kafka.connect.errors.DataException"],
    ["__connect.errors.exception.message", "Converting byte[] to Kafka Connect data failed"],
    ["__connect.errors.exception.stacktrace", "org.apache...\n\tat org.apache"],
  ])

  it("tell everything in text, numbers too", () => {
    expect(connect.read("any-name", message)).toEqual({
      original: { destination: "orders", partition: 2, offset: 9_007_199_254_740_993n, timestamp: null },
      group: "connect-jdbc-sink",
      exception: {
        type: "org.apache.kafka.connect.errors.DataException",
        message: "Converting byte[] to Kafka Connect data failed",
        stack: "org.apache...\n\tat org.apache",
      },
      attempts: null,
    })
    expect(message.headers.every((header) => connect.isOwnHeader(header.key))).toBe(true)
    expect(connect.read("any-name", deadMessage([]))).toBeNull()
  })

  it("with a broken number say unknown", () => {
    const broken = deadMessage([
      ["__connect.errors.topic", "orders"],
      ["__connect.errors.partition", "two"],
      ["__connect.errors.connector.name", "c"],
    ])
    expect(connect.read("x", broken)?.original).toMatchObject({ partition: null, offset: null })
  })
})

describe("Kafka Streams' dead letters (KIP-1034)", () => {
  it("name the exception by its toString()", () => {
    const facts = streams.read(
      "app-dead",
      deadMessage([
        ["__streams.errors.exception", "java.lang.RuntimeException: KABOOM: 7"],
        ["__streams.errors.message", "KABOOM: 7"],
        ["__streams.errors.stacktrace", "java.lang.RuntimeException: KABOOM: 7\n\tat App.lambda(App.java:9)"],
        ["__streams.errors.topic", "source"],
        ["__streams.errors.partition", "3"],
        ["__streams.errors.offset", "2"],
      ]),
    )
    expect(facts).toMatchObject({
      original: { destination: "source", partition: 3, offset: 2n, timestamp: 1_700_000_000_000n },
      group: null,
      exception: { type: "java.lang.RuntimeException", message: "KABOOM: 7" },
    })
    expect(streams.isOwnHeader("__streams.errors.offset")).toBe(true)
    expect(streams.read("app-dead", deadMessage([["kafka_dlt-original-topic", "x"]]))).toBeNull()
  })
})

describe("dead letters that are told by their name", () => {
  it.each([
    ["orders.DLT", "orders"],
    ["orders-dlt", "orders"],
    ["orders.dlq", "orders"],
    ["orders_dlq", "orders"],
    ["orders-dead-letter", "orders"],
    ["orders.dead-letters", "orders"],
    ["orders.deadletter", "orders"],
    ["orders.retry", "orders"],
    ["orders-retry-2", "orders"],
    ["dlq.orders", "orders"],
    ["orders", null],
    ["retrying", null],
    ["consultdlt", null],
  ])("%s is named after %s", (name, original) => {
    expect(plain.claims(name)).toBe(original !== null)
    expect(plain.read(name, deadMessage([]))?.original?.destination ?? null).toBe(original)
  })

  it("take what the usual headers say", () => {
    const facts = plain.read(
      "orders.dlq",
      deadMessage([
        ["error-class", "ValidationError"],
        ["error-message", "amount is not a number"],
        ["consumer-group", "payment"],
      ]),
    )
    expect(facts?.group).toBe("payment")
    expect(facts?.exception).toEqual({
      type: "ValidationError",
      message: "amount is not a number",
      stack: null,
    })
  })
})

describe("the order of trust", () => {
  it("lets a framework's headers speak before the name does", () => {
    const message = deadMessage([["__connect.errors.connector.name", "c"]])
    const reader = kafkaDeadLetters.dialects.find((one) => one.read("orders.DLT", message) !== null)
    expect(reader?.id).toBe("connect")
    const bare = kafkaDeadLetters.dialects.find((one) => one.read("orders.DLT", deadMessage([])) !== null)
    expect(bare?.id).toBe("plain")
  })
})

describe("Uber's dead letters", () => {
  const lies = "orders__payment__dlq"
  const read = (hex: string, on = lies) => uber.read(on, deadMessage([], { key: bytes(hex) }))

  it("leave out what is zero, and may have had no key", () => {
    expect(read("12 06 6f 72 64 65 72 73")).toMatchObject({
      original: { destination: "orders", partition: 0, offset: 0n, timestamp: null },
      originalKey: null,
      attempts: 0,
    })
  })

  it("have their time in ns or in ms", () => {
    expect(read("12 01 6f 28 c0 a9 fb eb e3 9f e7 cb 17")?.original?.timestamp).toBe(1_700_000_000_123n)
    expect(read("12 01 6f 28 fb d0 95 ff bc 31")?.original?.timestamp).toBe(1_700_000_000_123n)
  })

  it.each([
    "",
    "63 2d 31",
    "12 07 6f 72",
    "12 00",
    "08",
    "4a 01 61",
    "08 ff ff ff ff ff ff ff ff ff ff ff 01",
  ])("are not keys that are something else: %s", (hex) => expect(read(hex)).toBeNull())

  it("lie on topics with their names", () => expect(read("12 01 6f", "orders.dlq")).toBeNull())
})

describe("Rebus' dead letters", () => {
  const facts = (details: string) =>
    rebus.read(
      "error",
      deadMessage([
        ["rbs2-error-details", details],
        ["rbs2-source-queue", "orders"],
      ]),
    )

  it("of older versions list every attempt with its time", () => {
    const attempt =
      "11/27/2026 02:00:00 +00:00: Shop.OutOfStockException: out of stock\r\n   at Shop.Handle()"
    expect(facts(`2 unhandled exceptions: ${attempt}\r\n${attempt}`)).toMatchObject({
      exception: { type: "Shop.OutOfStockException", message: "out of stock" },
      attempts: 2,
    })
  })

  it("may say a sentence instead of an exception", () => {
    expect(facts("Received message with empty or absent 'rbs2-msg-id' header!")).toMatchObject({
      exception: { type: null, message: "Received message with empty or absent 'rbs2-msg-id' header!" },
      attempts: null,
    })
  })

  it("are told by both headers", () => {
    expect(rebus.read("error", deadMessage([["rbs2-source-queue", "orders"]]))).toBeNull()
  })
})
