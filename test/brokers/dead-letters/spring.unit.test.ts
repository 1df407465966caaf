import { describe, expect, it } from "vitest"
import { spring } from "#server/brokers/kafka/dead-letters/spring.ts"
import { bytes, deadMessage } from "./message.ts"

const STACK = [
  "org.springframework.kafka.listener.ListenerExecutionFailedException: Listener method 'capture' threw exception",
  "\tat org.springframework.kafka.listener.KafkaMessageListenerContainer$ListenerConsumer.decorateException(KafkaMessageListenerContainer.java:2950)",
  'Caused by: java.lang.NumberFormatException: For input string: "12,50"',
  "\tat com.example.shop.payment.Amounts.parse(Amounts.java:41)",
].join("\n")

/** As DeadLetterPublishingRecoverer of Spring Kafka 3 writes them. */
const HEADERS: [string, Buffer | string][] = [
  ["traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
  ["kafka_dlt-exception-fqcn", "org.springframework.kafka.listener.ListenerExecutionFailedException"],
  ["kafka_dlt-exception-cause-fqcn", "java.lang.NumberFormatException"],
  ["kafka_dlt-exception-message", "Listener method 'capture' threw exception"],
  ["kafka_dlt-exception-stacktrace", STACK],
  ["kafka_dlt-original-topic", "orders"],
  ["kafka_dlt-original-partition", bytes("00 00 00 05")],
  ["kafka_dlt-original-offset", bytes("00 00 00 01 00 00 00 2a")],
  ["kafka_dlt-original-timestamp", bytes("00 00 01 8b cf e5 68 7b")],
  ["kafka_dlt-original-timestamp-type", "CreateTime"],
  ["kafka_dlt-original-consumer-group", "payment"],
]

describe("Spring Kafka's dead letters", () => {
  it("are read by byte: big-endian partition, offset and timestamp, and the cause's own message", () => {
    expect(spring.read("orders.DLT", deadMessage(HEADERS))).toEqual({
      original: {
        destination: "orders",
        partition: 5,
        offset: 4_294_967_338n,
        timestamp: 1_700_000_000_123n,
      },
      group: "payment",
      exception: {
        type: "java.lang.NumberFormatException",
        message: 'For input string: "12,50"',
        stack: STACK,
      },
      attempts: null,
    })
  })

  it("of a retry topic, without dlt- in their names, tell how often it was tried", () => {
    const facts = spring.read(
      "orders-retry-1",
      deadMessage([
        ["kafka_exception-fqcn", "java.lang.IllegalStateException"],
        ["kafka_exception-message", "no stock"],
        ["kafka_original-topic", "orders"],
        ["kafka_original-partition", bytes("00 00 00 00")],
        ["retry_topic-attempts", bytes("00 00 00 03")],
      ]),
    )
    expect(facts).toMatchObject({
      original: { destination: "orders", partition: 0, offset: null },
      exception: { type: "java.lang.IllegalStateException", message: "no stock" },
      attempts: 3,
    })
  })

  it("that died again keep their first origin, and the last exception", () => {
    const again: [string, Buffer | string][] = [
      ["kafka_dlt-exception-fqcn", "java.io.IOException"],
      ["kafka_dlt-original-topic", "orders.DLT"],
      ["kafka_dlt-original-offset", bytes("00 00 00 00 00 00 00 01")],
      ["kafka_dlt-original-consumer-group", "repair"],
    ]
    const facts = spring.read("orders.DLT.DLT", deadMessage([...HEADERS, ...again]))
    expect(facts?.original).toMatchObject({ destination: "orders", partition: 5, offset: 4_294_967_338n })
    expect(facts?.group).toBe("repair")
  })

  it("whose key could not be read tell the key's exception", () => {
    const facts = spring.read(
      "orders.DLT",
      deadMessage([
        ["kafka_dlt-original-topic", "orders"],
        ["kafka_dlt-key-exception-fqcn", "org.apache.kafka.common.errors.SerializationException"],
        ["kafka_dlt-key-exception-message", "bad key"],
      ]),
    )
    expect(facts?.exception).toEqual({
      type: "org.apache.kafka.common.errors.SerializationException",
      message: "bad key",
      stack: null,
    })
  })

  it("with numbers of the wrong length say unknown instead of a wrong number", () => {
    const facts = spring.read(
      "orders.DLT",
      deadMessage([
        ["kafka_dlt-original-topic", "orders"],
        ["kafka_dlt-original-partition", "5"],
        ["kafka_dlt-original-offset", bytes("00 00 00 05")],
      ]),
    )
    expect(facts?.original).toEqual({ destination: "orders", partition: null, offset: null, timestamp: null })
  })

  it("are no one else's, and lose only their own headers", () => {
    expect(spring.read("orders.DLT", deadMessage([["traceparent", "00-1"]]))).toBeNull()
    const kept = HEADERS.map(([key]) => key).filter((key) => !spring.isOwnHeader(key))
    expect(kept).toEqual(["traceparent"])
    expect(spring.isOwnHeader("kafka_correlationId")).toBe(false)
    expect(spring.isOwnHeader("kafka_original-topic")).toBe(true)
  })

  it.each([
    ["orders.DLT", true],
    ["orders-dlt", true],
    ["orders-retry-0", true],
    ["orders", false],
    ["adlt", false],
  ])("claim %s: %s", (name, claimed) => {
    expect(spring.claims(name)).toBe(claimed)
  })
})
