import type { DeadLetterFacts } from "#server/brokers/broker.ts"
import { bytes } from "./message.ts"

/** A dead letter as a framework writes it, and what must be read in it. */
export interface Sample {
  dialect: string
  /** Where it lies. */
  lies: string
  /** Whether this name alone tells that it holds dead letters. */
  named: boolean
  headers: [string, Buffer | string][]
  /** Where the framework writes a key of its own; else it is the message's, c-1. */
  key?: Buffer
  facts: DeadLetterFacts
}

/** Of no framework: it must survive a replay. */
export const OTHERS: [string, string] = [
  "traceparent",
  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
]

const none = { partition: null, offset: null, timestamp: null }
const nothing = { type: null, message: null, stack: null }

const JAVA = [
  "org.springframework.messaging.MessageHandlingException: error occurred in message handler",
  "\tat org.springframework.integration.support.utils.IntegrationUtils.wrapInHandlingExceptionIfNecessary(IntegrationUtils.java:191)",
  "Caused by: java.lang.IllegalStateException: out of stock",
  "\tat com.example.shop.Inventory.reserve(Inventory.java:41)",
  'Caused by: java.lang.NumberFormatException: For input string: "12,50"',
  "\tat com.example.shop.Amounts.parse(Amounts.java:12)",
].join("\n")

const REBUS = [
  "5 unhandled exceptions: System.AggregateException: 5 unhandled exceptions (out of stock) (out of stock)",
  " ---> Shop.OutOfStockException: out of stock",
  "   at Shop.OrderHandler.Handle(PlaceOrder message) in /src/Shop/OrderHandler.cs:line 41",
  "   --- End of inner exception stack trace ---",
].join("\r\n")

export const SAMPLES: Sample[] = [
  {
    dialect: "spring",
    lies: "orders-dlt",
    named: true,
    headers: [
      ["kafka_original-topic", "orders"],
      ["kafka_original-partition", bytes("00 00 00 02")],
      ["kafka_original-offset", bytes("00 00 00 00 00 00 00 2a")],
      ["kafka_original-timestamp", bytes("00 00 01 8b cf e5 68 7b")],
      ["kafka_original-timestamp-type", "CreateTime"],
      ["kafka_dlt-original-consumer-group", "payment"],
      ["kafka_exception-fqcn", "org.springframework.kafka.listener.TimestampedException"],
      ["kafka_exception-cause-fqcn", "java.lang.NumberFormatException"],
      ["kafka_exception-message", "wrapped"],
      ["kafka_exception-stacktrace", JAVA],
      ["retry_topic-attempts", bytes("00 00 00 04")],
      ["retry_topic-original-timestamp", bytes("01 8b cf e5 68 7b")],
      ["retry_topic-backoff-timestamp", bytes("01 8b cf e5 68 7c")],
    ],
    facts: {
      original: { destination: "orders", partition: 2, offset: 42n, timestamp: 1_700_000_000_123n },
      group: "payment",
      exception: {
        type: "java.lang.NumberFormatException",
        message: 'For input string: "12,50"',
        stack: JAVA,
      },
      attempts: 4,
    },
  },
  {
    dialect: "spring-cloud-stream",
    lies: "error.orders.payment",
    named: true,
    headers: [
      ["x-original-topic", "orders"],
      ["x-original-partition", bytes("00 00 00 03")],
      ["x-original-offset", bytes("00 00 00 01 00 00 00 2a")],
      ["x-original-timestamp", bytes("00 00 01 8b cf e5 68 7b")],
      ["x-original-timestamp-type", "CreateTime"],
      ["x-exception-fqcn", "org.springframework.messaging.MessageHandlingException"],
      ["x-exception-message", "error occurred in message handler; out of stock"],
      ["x-exception-stacktrace", JAVA],
    ],
    facts: {
      original: {
        destination: "orders",
        partition: 3,
        offset: 4_294_967_338n,
        timestamp: 1_700_000_000_123n,
      },
      group: "payment",
      exception: {
        type: "java.lang.NumberFormatException",
        message: 'For input string: "12,50"',
        stack: JAVA,
      },
      attempts: null,
    },
  },
  {
    dialect: "micronaut",
    lies: "products-retry-30s",
    named: true,
    headers: [
      ["micronaut-kafka-exception-class", "java.lang.IllegalStateException"],
      ["micronaut-kafka-exception-message", "out of stock"],
      ["micronaut-kafka-original-topic", "products"],
      ["micronaut-kafka-original-partition", "2"],
      ["micronaut-kafka-original-offset", "7"],
      ["micronaut-kafka-retry-attempt", "2"],
    ],
    facts: {
      original: { destination: "products", partition: 2, offset: 7n, timestamp: null },
      group: null,
      exception: { type: "java.lang.IllegalStateException", message: "out of stock", stack: null },
      attempts: 2,
    },
  },
  {
    dialect: "connect",
    lies: "dlq-jdbc-sink",
    named: true,
    headers: [
      ["__connect.errors.topic", "orders"],
      ["__connect.errors.partition", "2"],
      ["__connect.errors.offset", "9007199254740993"],
      ["__connect.errors.connector.name", "jdbc-sink"],
      ["__connect.errors.task.id", "0"],
      ["__connect.errors.stage", "VALUE_CONVERTER"],
      ["__connect.errors.class.name", "org.apache.kafka.connect.json.JsonConverter"],
      ["__connect.errors.exception.class.name", "org.apache.kafka.connect.errors.DataException"],
      ["__connect.errors.exception.message", "Converting byte[] failed"],
      ["__connect.errors.exception.stacktrace", "org.apache…\n\tat org.apache.X.y(X.java:1)"],
    ],
    facts: {
      original: { destination: "orders", partition: 2, offset: 9_007_199_254_740_993n, timestamp: null },
      group: "connect-jdbc-sink",
      exception: {
        type: "org.apache.kafka.connect.errors.DataException",
        message: "Converting byte[] failed",
        stack: "org.apache…\n\tat org.apache.X.y(X.java:1)",
      },
      attempts: null,
    },
  },
  {
    dialect: "streams",
    lies: "app-errors",
    named: false,
    headers: [
      ["__streams.errors.exception", "java.lang.RuntimeException"],
      ["__streams.errors.message", "KABOOM"],
      ["__streams.errors.stacktrace", "java.lang.RuntimeException: KABOOM\n\tat App.run(App.java:9)"],
      ["__streams.errors.topic", "orders"],
      ["__streams.errors.partition", "3"],
      ["__streams.errors.offset", "2"],
    ],
    facts: {
      original: { destination: "orders", partition: 3, offset: 2n, timestamp: 1_700_000_000_000n },
      group: null,
      exception: {
        type: "java.lang.RuntimeException",
        message: "KABOOM",
        stack: "java.lang.RuntimeException: KABOOM\n\tat App.run(App.java:9)",
      },
      attempts: null,
    },
  },
  {
    dialect: "share",
    lies: "dlq.orders",
    named: true,
    headers: [
      ["__dlq.errors.topic", "orders"],
      ["__dlq.errors.partition", "2"],
      ["__dlq.errors.offset", "41"],
      ["__dlq.errors.group", "billing-share"],
      ["__dlq.errors.delivery.count", "5"],
      ["__dlq.errors.message", "Offset rejected by client."],
    ],
    facts: {
      original: { destination: "orders", partition: 2, offset: 41n, timestamp: null },
      group: "billing-share",
      exception: { type: null, message: "Offset rejected by client.", stack: null },
      attempts: 5,
    },
  },
  {
    dialect: "smallrye",
    lies: "dead-letter-topic-orders-in",
    named: true,
    // It died twice: the headers of the first time come last.
    headers: [
      ["dead-letter-exception-class-name", "java.lang.RuntimeException"],
      ["dead-letter-reason", "wrapped"],
      ["dead-letter-cause-class-name", "java.net.ConnectException"],
      ["dead-letter-cause", "refused"],
      ["dead-letter-topic", "dead-letter-topic-orders-in"],
      ["dead-letter-partition", "0"],
      ["dead-letter-offset", "7"],
      ["dead-letter-exception-class-name", "java.lang.IllegalStateException"],
      ["dead-letter-reason", "no title"],
      ["dead-letter-topic", "orders"],
      ["dead-letter-partition", "3"],
      ["dead-letter-offset", "98"],
    ],
    facts: {
      original: { destination: "orders", partition: 3, offset: 98n, timestamp: null },
      group: null,
      exception: { type: "java.net.ConnectException", message: "refused", stack: null },
      attempts: null,
    },
  },
  {
    dialect: "smallrye-retry",
    lies: "orders-in_retry_10000",
    named: true,
    headers: [
      ["delayed-retry-exception-class-name", "java.lang.IllegalStateException"],
      ["delayed-retry-reason", "out of stock"],
      ["delayed-retry-topic", "orders"],
      ["delayed-retry-partition", "1"],
      ["delayed-retry-offset", "12"],
      ["delayed-retry-count", "2"],
      ["delayed-retry-original-timestamp", "1700000000000"],
      ["delayed-retry-first-processing-timestamp", "1700000000001"],
    ],
    facts: {
      original: { destination: "orders", partition: 1, offset: 12n, timestamp: null },
      group: null,
      exception: { type: "java.lang.IllegalStateException", message: "out of stock", stack: null },
      attempts: 2,
    },
  },
  {
    dialect: "karafka",
    lies: "dead_messages",
    named: true,
    headers: [
      ["source_topic", "orders"],
      ["source_partition", "4"],
      ["source_offset", "77"],
      ["source_consumer_group", "app_group"],
      ["source_attempts", "3"],
      ["source_trace_id", "6f1c9a52-8d0b-4a51-9d7e-f2a3c5b7e901"],
    ],
    facts: {
      original: { destination: "orders", partition: 4, offset: 77n, timestamp: null },
      group: "app_group",
      exception: nothing,
      attempts: 3,
    },
  },
  {
    dialect: "karafka",
    lies: "broken",
    named: false,
    headers: [
      ["original_topic", "orders"],
      ["original_partition", "4"],
      ["original_offset", "77"],
      ["original_consumer_group", "app_group"],
    ],
    facts: {
      original: { destination: "orders", partition: 4, offset: 77n, timestamp: null },
      group: "app_group",
      exception: nothing,
      attempts: null,
    },
  },
  {
    dialect: "silverback",
    lies: "orders-failed",
    named: false,
    headers: [
      ["x-source-topic", "orders"],
      ["x-source-consumer-group-id", "payment"],
      ["x-source-partition", "1"],
      ["x-source-offset", "42"],
      ["x-source-timestamp", "1700000000123"],
      ["x-failure-reason", "System.FormatException in Shop.Payment"],
      ["x-failed-attempts", "3"],
    ],
    facts: {
      original: { destination: "orders", partition: 1, offset: 42n, timestamp: 1_700_000_000_123n },
      group: "payment",
      exception: {
        type: "System.FormatException",
        message: "System.FormatException in Shop.Payment",
        stack: null,
      },
      attempts: 3,
    },
  },
  {
    dialect: "wolverine",
    lies: "wolverine-dead-letter-queue",
    named: true,
    headers: [
      ["exception-type", "System.FormatException"],
      ["exception-message", "The input string '12,50' was not in a correct format."],
      ["exception-stack", "   at Shop.Amounts.Parse(String text) in /src/Amounts.cs:line 41"],
      ["failed-at", "1700000000123"],
      ["original-destination", "kafka://topic/orders"],
      ["original-partition", "5"],
      ["original-offset", "42"],
    ],
    facts: {
      original: { destination: "orders", partition: 5, offset: 42n, timestamp: null },
      group: null,
      exception: {
        type: "System.FormatException",
        message: "The input string '12,50' was not in a correct format.",
        stack: "   at Shop.Amounts.Parse(String text) in /src/Amounts.cs:line 41",
      },
      attempts: null,
    },
  },
  {
    dialect: "wolverine",
    lies: "orders.retry.30s",
    named: true,
    headers: [
      ["exception-type", "System.TimeoutException"],
      ["exception-message", "no answer"],
      ["exception-stack", ""],
      ["failed-at", "1700000000123"],
      ["original-destination", "kafka://topic/orders.retry.1s"],
      ["original-partition", "0"],
      ["original-offset", "3"],
      ["wolverine-kafka-retry-source", "orders"],
      ["wolverine-kafka-retry-tier", "1"],
      ["wolverine-kafka-retry-attempt", "2"],
      ["wolverine-kafka-retry-first-failed", "638350000000000000"],
      ["wolverine-kafka-retry-exception-type", "System.TimeoutException"],
      ["wolverine-kafka-retry-exception-message", "no answer"],
    ],
    facts: {
      original: { destination: "orders", ...none },
      group: null,
      exception: { type: "System.TimeoutException", message: "no answer", stack: null },
      attempts: 2,
    },
  },
  {
    dialect: "brighter",
    lies: "orders.DLQ",
    named: true,
    headers: [
      ["OriginalTopic", "orders"],
      ["RejectionTimestamp", "2026-11-26T18:00:00.0000000+00:00"],
      ["OriginalType", "MT_COMMAND"],
      ["RejectionReason", "DeliveryError"],
      ["RejectionMessage", "Requeued 3 times"],
    ],
    facts: {
      original: { destination: "orders", ...none },
      group: null,
      exception: { type: "DeliveryError", message: "Requeued 3 times", stack: null },
      attempts: null,
    },
  },
  {
    dialect: "watermill",
    lies: "poison_queue",
    named: true,
    headers: [
      ["reason_poisoned", "amount is not a number"],
      ["topic_poisoned", "orders"],
      ["handler_poisoned", "capture_payment"],
      ["subscriber_poisoned", "kafka.Subscriber"],
    ],
    facts: {
      original: { destination: "orders", ...none },
      group: "capture_payment",
      exception: { type: null, message: "amount is not a number", stack: null },
      attempts: null,
    },
  },
  {
    dialect: "dapr",
    lies: "poisonMessages",
    named: false,
    headers: [
      ["__key", "c-1"],
      ["__offset", "42"],
      ["__topic", "orders"],
      ["__timestamp", "1700000000123"],
      ["__partition", "2"],
    ],
    facts: {
      original: { destination: "orders", partition: 2, offset: 42n, timestamp: 1_700_000_000_123n },
      group: null,
      exception: nothing,
      attempts: null,
    },
  },
  {
    dialect: "laravel",
    lies: "orders-dlq",
    named: true,
    headers: [
      ["kafka_throwable_message", "Out of stock"],
      ["kafka_throwable_code", "0"],
      ["kafka_throwable_class_name", "App\\Exceptions\\OutOfStock"],
    ],
    facts: {
      original: { destination: "orders", ...none },
      group: null,
      exception: { type: "App\\Exceptions\\OutOfStock", message: "Out of stock", stack: null },
      attempts: null,
    },
  },
  {
    dialect: "cronsumer",
    lies: "orders.retry",
    named: true,
    headers: [
      ["x-error-message", "timeout"],
      ["x-retry-count", "3"],
      ["x-retry-attempt-count", "1"],
      ["x-produce-time", "1700000000123000000"],
    ],
    facts: {
      original: { destination: "orders", ...none },
      group: null,
      exception: { type: null, message: "timeout", stack: null },
      attempts: 3,
    },
  },
  {
    dialect: "nestjs",
    lies: "orders-dlt",
    named: true,
    headers: [
      ["tried", "2"],
      ["delay", "400"],
      ["isCompleted", "1"],
    ],
    facts: { original: { destination: "orders", ...none }, group: null, exception: nothing, attempts: 2 },
  },
  {
    dialect: "rebus",
    lies: "error",
    named: false,
    headers: [
      ["rbs2-error-details", REBUS],
      ["rbs2-source-queue", "orders"],
      ["rbs2-delivery-count", "5"],
    ],
    facts: {
      original: { destination: "orders", ...none },
      group: null,
      exception: { type: "Shop.OutOfStockException", message: "out of stock", stack: REBUS },
      attempts: 5,
    },
  },
  {
    dialect: "uber",
    lies: "orders__payment__dlq",
    named: true,
    headers: [],
    key: bytes("08 03 12 06 6f 72 64 65 72 73 18 02 20 2a 28 fb d0 95 ff bc 31 32 03 63 2d 31 38 01"),
    facts: {
      original: { destination: "orders", partition: 2, offset: 42n, timestamp: 1_700_000_000_123n },
      originalKey: Buffer.from("c-1"),
      group: "payment",
      exception: nothing,
      attempts: 3,
    },
  },
  {
    dialect: "plain",
    lies: "orders.dead-letter",
    named: true,
    headers: [],
    facts: { original: { destination: "orders", ...none }, group: null, exception: nothing, attempts: null },
  },
]
