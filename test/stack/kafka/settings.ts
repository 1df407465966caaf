/** The server.properties of one node of a test cluster (KRaft, combined broker and controller). */
export interface NodeSettings {
  id: number
  dataDir: string
  port: number
  controllerPort: number
  voters: string
  nodes: number
  extra: Record<string, string>
}

export function serverProperties(node: NodeSettings): string {
  const replicas = String(Math.min(3, node.nodes))
  const all: Record<string, string> = {
    "process.roles": "broker,controller",
    "node.id": String(node.id),
    "broker.rack": `rack-${node.id}`,
    "controller.quorum.voters": node.voters,
    listeners: `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${node.port}`,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map":
      "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL",
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
    "group.initial.rebalance.delay.ms": "0",
    "group.consumer.min.session.timeout.ms": "3000",
    "group.consumer.session.timeout.ms": "6000",
    "group.consumer.min.heartbeat.interval.ms": "500",
    "group.consumer.heartbeat.interval.ms": "1000",
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
