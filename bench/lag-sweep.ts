import { startKafka } from "#scripts/stack/kafka/kafka.ts"
import { systems } from "#server/brokers/systems.ts"
import { type Measured, measureKafkajs, measureOurs } from "./lag-sweep/measure.ts"
import { fill, type Shape } from "./lag-sweep/world.ts"

/**
 * One sweep of a real three-broker cluster, beside the same positions by kafkajs' admin API in the same run.
 * `--large` adds the scale at which others report 50 to 90 s (39,000 partitions, 2,200 groups), ours alone.
 */
const SMALL: Shape = { topics: 1000, partitions: 10, groups: 500, committed: 20 }
const LARGE: Shape = { topics: 9000, partitions: 4, groups: 2200, committed: 16 }
const TIMES = 7

const large = process.argv.includes("--large")
const small = await run(SMALL, true)
const big = large ? await run({ ...LARGE, topics: 9750 }, false) : null

const rows: Record<string, string>[] = []
rows.push(row("Signalbox", SMALL, small.ours))
if (small.kafkajs) rows.push(row("kafkajs admin", SMALL, small.kafkajs))
if (big) rows.push(row("Signalbox", { ...LARGE, topics: 9750 }, big.ours))
console.table(rows)
const ratio = small.kafkajs && {
  requests: Math.round(small.kafkajs.requests / small.ours.requests),
  seconds: Math.round(small.kafkajs.seconds / small.ours.seconds),
}
console.log(JSON.stringify({ bench: "lag-sweep", small, ratio, large: big?.ours ?? null }))

async function run(shape: Shape, beside: boolean): Promise<{ ours: Measured; kafkajs: Measured | null }> {
  await using cluster = await startKafka({
    brokers: 3,
    heap: beside ? "1g" : "2g",
    // A loaded machine must not make the cluster move its leaders.
    config: { "broker.session.timeout.ms": "60000", "auto.leader.rebalance.enable": "false" },
    jvm: ["-XX:MaxDirectMemorySize=1g"],
  })
  const said = `${shape.topics.toLocaleString()} topics × ${shape.partitions} partitions, ${shape.groups} groups`
  console.log(`Filling a cluster with ${said} ...`)
  await fill(cluster.bootstrap, shape)
  const pids = cluster.nodes.map((node) => node.pid)
  const connection = systems.kafka.connection.parse({ bootstrap: cluster.bootstrap })
  await using broker = systems.kafka.connect(connection, { clientId: "bench", log: () => undefined })
  const ours = await measureOurs(broker, pids, TIMES)
  if (ours.problems > 0) console.log(`${ours.problems} positions could not be read`)
  return { ours, kafkajs: beside ? await measureKafkajs(cluster.bootstrap, pids, shape.topics) : null }
}

function row(who: string, shape: Shape, measured: Measured): Record<string, string> {
  return {
    who,
    partitions: (shape.topics * shape.partitions).toLocaleString(),
    groups: shape.groups.toLocaleString(),
    requests: measured.requests.toLocaleString(),
    "received, MB": (measured.bytesIn / 1e6).toFixed(2),
    seconds: measured.seconds.toFixed(3),
    "broker CPU, s": measured.brokerCpu.toFixed(2),
  }
}
