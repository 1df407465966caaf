/** A thing that conventions have named in several ways. */
export interface Concept {
  /** The attribute's name in the newest conventions: that by which it is searched. */
  name: string
  /** All names, the preferred first: the first that a span has counts. */
  from: readonly string[]
  /** The value in the newest words; without it the value as it came. */
  value?: (text: string) => string
  /** Where the names are from. */
  source: string
}

const MESSAGING = "opentelemetry.io/docs/specs/semconv/messaging/messaging-spans (1.44.0)"
const MESSAGING_OLD = "semconv 1.17 to 1.26; sent by the Java agent 2.33 by default, and by amqplib 0.70"
const OLDEST = "before semconv 1.17; sent by Python's pika, Celery and kafka-python 0.66b1"

/** Of the conventions' three generations, one line each; looked up in real payloads (test/traces/corpus). */
export const CONCEPTS = [
  { name: "messaging.system", from: ["messaging.system"], source: MESSAGING },
  {
    name: "messaging.destination.name",
    from: ["messaging.destination.template", "messaging.destination.name", "messaging.destination"],
    source: `${MESSAGING}; ${OLDEST}`,
  },
  {
    name: "messaging.operation.type",
    from: ["messaging.operation.type", "messaging.operation"],
    value: (text) => (text === "publish" ? "send" : text),
    source: `${MESSAGING}; ${MESSAGING_OLD}`,
  },
  {
    name: "messaging.consumer.group.name",
    from: [
      "messaging.consumer.group.name",
      "messaging.kafka.consumer.group",
      "messaging.rocketmq.client_group",
      "messaging.destination.subscription.name",
    ],
    source: `${MESSAGING}; ${MESSAGING_OLD}`,
  },
  {
    name: "messaging.destination.partition.id",
    from: [
      "messaging.destination.partition.id",
      "messaging.kafka.destination.partition",
      "messaging.kafka.partition",
    ],
    source: `${MESSAGING}; ${MESSAGING_OLD}; ${OLDEST}`,
  },
  {
    name: "messaging.kafka.offset",
    from: ["messaging.kafka.offset", "messaging.kafka.message.offset"],
    source: `${MESSAGING}; ${MESSAGING_OLD}`,
  },
  {
    name: "messaging.message.id",
    from: ["messaging.message.id", "messaging.message_id"],
    source: `${MESSAGING}; ${OLDEST}`,
  },
  {
    name: "messaging.message.conversation_id",
    from: ["messaging.message.conversation_id", "messaging.conversation_id"],
    source: `${MESSAGING}; ${OLDEST}`,
  },
  {
    name: "messaging.client.id",
    from: ["messaging.client.id", "messaging.client_id", "messaging.kafka.client_id"],
    source: `${MESSAGING}; ${MESSAGING_OLD}`,
  },
  {
    name: "messaging.rabbitmq.destination.routing_key",
    from: ["messaging.rabbitmq.destination.routing_key", "messaging.rabbitmq.routing_key"],
    source: `${MESSAGING}; ${OLDEST}`,
  },
  {
    name: "messaging.kafka.cluster.id",
    from: ["messaging.kafka.cluster.id"],
    source: `${MESSAGING}, new in 1.44`,
  },
  {
    name: "rpc.system.name",
    from: ["rpc.system.name", "rpc.system"],
    value: (text) => RPC_SYSTEMS[text] ?? text,
    source: "opentelemetry.io/docs/specs/semconv/rpc/rpc-spans (1.40); rpc.system is deprecated since 1.39",
  },
  {
    name: "rpc.service",
    from: ["rpc.service"],
    source: "semconv before 1.39, sent by every instrumentation",
  },
  { name: "rpc.method", from: ["rpc.method"], source: "semconv: alone, or as pkg.Service/Method since 1.39" },
  {
    name: "rpc.status_code",
    from: ["rpc.status_code", "rpc.response.status_code", "rpc.grpc.status_code"],
    value: (text) => GRPC_CODES[Number(text)] ?? text,
    source: "semantic-conventions#3921 (2026-08); 1.39; before 1.39, a number of gRPC",
  },
  {
    name: "http.request.method",
    from: ["http.request.method", "http.method"],
    source: "semconv 1.23; before it http.method",
  },
  {
    name: "http.response.status_code",
    from: ["http.response.status_code", "http.status_code"],
    source: "semconv 1.23; before it http.status_code",
  },
  {
    name: "http.route",
    from: ["http.route"],
    source: "semconv 1.23",
  },
  {
    name: "url.full",
    from: ["url.full", "http.url"],
    source: "semconv 1.23; before it http.url",
  },
  {
    name: "url.path",
    from: ["url.path", "http.target"],
    source: "semconv 1.23; before it http.target",
  },
  {
    name: "db.system.name",
    from: ["db.system.name", "db.system"],
    source: "semconv 1.30; before it db.system",
  },
  {
    name: "db.namespace",
    from: ["db.namespace", "db.name"],
    source: "semconv 1.30; before it db.name",
  },
  {
    name: "db.query.text",
    from: ["db.query.text", "db.statement"],
    source: "semconv 1.30; before it db.statement",
  },
  {
    name: "server.address",
    from: ["server.address", "net.peer.name", "net.peer.ip"],
    source: "semconv 1.23; before it net.peer.name",
  },
  {
    name: "server.port",
    from: ["server.port", "net.peer.port"],
    source: "semconv 1.23; before it net.peer.port",
  },
  {
    name: "peer.service",
    from: ["service.peer.name", "peer.service"],
    source: "semconv 1.40; before it peer.service",
  },
  {
    name: "graphql.operation.type",
    from: ["graphql.operation.type"],
    source: "opentelemetry.io/docs/specs/semconv/graphql",
  },
  {
    name: "deployment.environment.name",
    from: ["deployment.environment.name", "deployment.environment"],
    source: "semconv 1.27; before it deployment.environment",
  },
  { name: "celery.action", from: ["celery.action"], source: "Python's Celery 0.66b1, which sends no system" },
  {
    name: "service.version",
    from: ["service.version"],
    source: "opentelemetry.io/docs/specs/semconv/resource",
  },
  { name: "service.instance.id", from: ["service.instance.id"], source: "the same; SDKs make a random one" },
  { name: "host.name", from: ["k8s.pod.name", "host.name"], source: "the same: of a pod its name" },
  { name: "error.type", from: ["error.type"], source: "semconv 1.23" },
] as const satisfies readonly Concept[]

export type ConceptName = (typeof CONCEPTS)[number]["name"]

const RPC_SYSTEMS: Readonly<Record<string, string>> = {
  apache_dubbo: "dubbo",
  apache_thrift: "thrift",
  connect_rpc: "connectrpc",
}

/** grpc.github.io/grpc/core/md_doc_statuscodes.html, by number. */
const GRPC_CODES = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
]
