import { execFile } from "node:child_process"
import path from "node:path"
import { promisify } from "node:util"
import { startKafka } from "#scripts/stack/kafka/kafka.ts"
import {
  type Measured,
  measureFetch,
  measureKafkajs,
  measureSearch,
  measureUnpack,
  type World,
} from "./search/measure.ts"
import { AT_ONCE, fill, message } from "./search/world.ts"

/**
 * Messages a second that a search looks at, on a real broker, beside the floor (fetching the same bytes and throwing
 * them away; the same unpacked and thrown away) and beside a kafkajs consumer that does the same, all in this process and
 * in the same run. Then the most memory that the process of a search needs for part of the messages and for all.
 */
const PARTITIONS = 4
const MESSAGES = Math.ceil(Number(process.argv[2] ?? 2_000_000) / AT_ONCE) * AT_ONCE
const CODECS = ["none", "lz4", "zstd"] as const
const TIMES = 3
/** Of the messages, for each of which the memory is looked at. Garbage is left to lie at first: see the latter two. */
const PARTS = [0.1, 0.5, 1]
/** Stands in about one message of a thousand. */
const NEEDLE = "order-881"
const EXPRESSION = "@.value.customer == 'c-7' && @.value.amount > 900"
const expected = expectedOf()

await using cluster = await startKafka({ brokers: 1, heap: "1g" })
const rows: Record<string, string>[] = []
const memory: { codec: string; messages: number; mostMb: number }[] = []
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
  for (const part of PARTS) {
    const each = Math.round(world.each * part)
    memory.push({ codec, ...(await memoryOf({ ...world, each })) })
  }
}
console.table(rows)
console.table(memory)
const none = results.none
const contains = none?.["Signalbox: contains"]
const rate = (one: Measured | undefined) => (one ? Math.round(one.messages / one.seconds) : 0)
const ratio = {
  ofFloor: rate(contains) / rate(none?.["floor: fetch"]),
  ofKafkajs: rate(contains) / rate(none?.["kafkajs: contains"]),
}
const figures = {
  bench: "search",
  messages: MESSAGES,
  containsASecond: rate(contains),
  ratio,
  memory,
  results,
}
console.log(JSON.stringify(figures))

async function measureAll(world: World): Promise<Record<string, Measured>> {
  const search = (kind: "contains" | "pattern" | "expression", text: string) => () =>
    measureSearch(world, { kind, text })
  const { needle, satisfying } = expected
  return {
    "floor: fetch": await best(() => measureFetch(world), { found: 0 }),
    "floor: fetch and unpack": await best(() => measureUnpack(world), { found: 0 }),
    "Signalbox: contains": await best(search("contains", NEEDLE), { found: needle }),
    "Signalbox: pattern": await best(search("pattern", "order-8{2}1\\b"), { found: needle }),
    "Signalbox: expression": await best(search("expression", EXPRESSION), { found: satisfying, times: 1 }),
    // It reads neither lz4 nor zstd.
    ...(world.topic.endsWith("none")
      ? { "kafkajs: contains": await best(() => measureKafkajs(world, NEEDLE), { found: needle }) }
      : {}),
  }
}

/**
 * The quickest of some: others work on this machine too, and only ever make it slower. Throws when one did not look at
 * every message that was written, or found others than are there.
 */
async function best(
  work: () => Promise<Measured>,
  given: { found: number; times?: number },
): Promise<Measured> {
  const all: Measured[] = []
  for (let i = 0; i < (given.times ?? TIMES); i++) {
    const one = await work()
    if (one.messages !== MESSAGES || one.found !== given.found)
      throw new Error(
        `${one.messages} of ${MESSAGES} messages were read, ${one.found} of ${given.found} were found`,
      )
    all.push(one)
  }
  const [first] = all.sort((a, b) => a.seconds - b.seconds)
  if (!first) throw new Error("nothing was measured")
  return first
}

async function memoryOf(world: World): Promise<{ messages: number; mostMb: number }> {
  const file = path.join(import.meta.dirname, "search", "memory.ts")
  const args = ["--max-old-space-size=512", file, JSON.stringify(world), NEEDLE]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const said: { messages: number; mostMb: number } = JSON.parse(stdout)
  if (said.messages !== world.each * world.partitions)
    throw new Error(`${said.messages} messages were read for the memory`)
  return said
}

/** How many messages there are to be found, by looking at each as it is written. */
function expectedOf(): { needle: number; satisfying: number } {
  const sum = { needle: 0, satisfying: 0 }
  for (let i = 0; i < MESSAGES; i++) {
    const { customer, amount, order } = message(i).value
    if (order === NEEDLE) sum.needle += 1
    if (customer === "c-7" && amount > 900) sum.satisfying += 1
  }
  return sum
}

function row(codec: string, who: string, measured: Measured): Record<string, string> {
  return {
    codec,
    who,
    scanned: measured.messages.toLocaleString(),
    found: measured.found.toLocaleString(),
    seconds: measured.seconds.toFixed(2),
    "MB fetched": (measured.bytes / 1e6).toFixed(0),
    "messages a second": Math.round(measured.messages / measured.seconds).toLocaleString(),
    "a second of CPU": Math.round(measured.messages / measured.cpuSeconds).toLocaleString(),
  }
}
