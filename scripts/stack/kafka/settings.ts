/** The server.properties of one node of a test cluster (KRaft, combined broker and controller). */
export interface NodeSettings {
  id: number
  dataDir: string
  port: number
  controllerPort: number
  voters: string
  brokers: number
  /** Listeners besides the plain one: name to port. */
  listeners: Record<string, number>
  extra: Record<string, string>
}

/** Small internal topics, short waits: what a production cluster would not want and a test does. */
export function serverProperties(node: NodeSettings): string {
  const replicas = String(Math.min(3, node.brokers))
  const more = Object.entries(node.listeners).map(([name, port]) => `${name}://127.0.0.1:${port}`)
  const plain = `PLAINTEXT://127.0.0.1:${node.port}`
  const all: Record<string, string> = {
    "process.roles": "broker,controller",
    "node.id": String(node.id),
    "broker.rack": `rack-${node.id}`,
    "controller.quorum.voters": node.voters,
    listeners: [plain, `CONTROLLER://127.0.0.1:${node.controllerPort}`, ...more].join(","),
    "advertised.listeners": [plain, ...more].join(","),
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "listener.security.protocol.map":
      "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,TLS:SSL,MTLS:SSL,SASL:SASL_PLAINTEXT,SASL_TLS:SASL_SSL",
    "log.dirs": node.dataDir,
    "auto.create.topics.enable": "false",
    "offsets.topic.num.partitions": "6",
    "offsets.topic.replication.factor": replicas,
    "transaction.state.log.num.partitions": "3",
    "transaction.state.log.replication.factor": replicas,
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "3",
    "share.coordinator.state.topic.replication.factor": replicas,
    "share.coordinator.state.topic.min.isr": "1",
    "group.coordinator.rebalance.protocols": "classic,consumer,share",
    "group.initial.rebalance.delay.ms": "0",
    "group.consumer.min.session.timeout.ms": "3000",
    "group.consumer.session.timeout.ms": "6000",
    "group.consumer.min.heartbeat.interval.ms": "500",
    "group.consumer.heartbeat.interval.ms": "1000",
    "log.initial.task.delay.ms": "1000",
    "log.retention.check.interval.ms": "1000",
    "log.segment.delete.delay.ms": "1000",
    "broker.session.timeout.ms": "6000",
    "num.network.threads": "2",
    "num.io.threads": "4",
    "log.cleaner.threads": "1",
    "log.cleaner.dedupe.buffer.size": "8388608",
    "controlled.shutdown.max.retries": "1",
    ...node.extra,
  }
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("")
}
