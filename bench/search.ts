import { startKafka } from "#test/stack/kafka/kafka.ts"
import { type Measured, measureFetch, measureKafkajs, measureSearch, type World } from "./search/measure.ts"
import { fill } from "./search/world.ts"

/**
 * Messages a second that a search looks at, on a real broker, beside the floor (fetching the same bytes and throwing
 * them away) and beside a kafkajs consumer that does the same, all in this process and in the same run.
 */
const PARTITIONS = 4
const MESSAGES = Number(process.argv[2] ?? 2_000_000)
const CODECS = ["none", "lz4", "zstd"] as const
const TIMES = 3
/** Stands in about one message of a thousand. */
const NEEDLE = "order-881"

await using cluster = await startKafka({ brokers: 1, heap: "1g" })
const rows: Record<string, string>[] = []
const results: Record<string, Record<string, Measured>> = {}
for (const codec of CODECS) {
  const world = {
    bootstrap: cluster.bootstrap,
    topic: `orders-${codec}`,
    partitions: PARTITIONS,
    each: MESSAGES / PARTITIONS,
  }
  console.log(`Writing ${MESSAGES.toLocaleString()} messages with ${codec} ...`)
  await fill(world, codec)
  const measured = await measureAll(world)
  results[codec] = measured
  for (const [who, one] of Object.entries(measured)) rows.push(row(codec, who, one))
}
console.table(rows)
const none = results.none
const contains = none?.["Signalbox: contains"]
const rate = (one: Measured | undefined) => (one ? Math.round(one.messages / one.seconds) : 0)
const ratio = {
  ofFloor: rate(contains) / rate(none?.["floor: fetch alone"]),
  ofKafkajs: rate(contains) / rate(none?.["kafkajs: contains"]),
}
console.log(
  JSON.stringify({ bench: "search", messages: MESSAGES, containsASecond: rate(contains), ratio, results }),
)

async function measureAll(world: World): Promise<Record<string, Measured>> {
  const expression = `@.value.customer == 'c-7' && @.value.amount > 900`
  return {
    "floor: fetch alone": await best(() => measureFetch(world)),
    "Signalbox: contains": await best(() => measureSearch(world, { kind: "contains", text: NEEDLE })),
    "Signalbox: pattern": await best(
      () => measureSearch(world, { kind: "pattern", text: "order-8{2}1\\b" }),
      1,
    ),
    "Signalbox: expression": await best(
      () => measureSearch(world, { kind: "expression", text: expression }),
      1,
    ),
    ...(world.topic.endsWith("none")
      ? { "kafkajs: contains": await best(() => measureKafkajs(world, NEEDLE)) }
      : {}),
  }
}

/** The quickest of some: others work on this machine too, and only ever make it slower. */
async function best(work: () => Promise<Measured>, times = TIMES): Promise<Measured> {
  const all: Measured[] = []
  for (let i = 0; i < times; i++) all.push(await work())
  const [first] = all.sort((a, b) => a.seconds - b.seconds)
  if (!first) throw new Error("nothing was measured")
  return first
}

function row(codec: string, who: string, measured: Measured): Record<string, string> {
  return {
    codec,
    who,
    found: measured.found.toLocaleString(),
    seconds: measured.seconds.toFixed(2),
    "messages a second": Math.round(measured.messages / measured.seconds).toLocaleString(),
    "a second of CPU": Math.round(measured.messages / measured.cpuSeconds).toLocaleString(),
    "most memory, MB": (measured.rss / 1e6).toFixed(0),
  }
}
