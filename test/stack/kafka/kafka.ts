import { execFile } from "node:child_process"
import { randomBytes } from "node:crypto"
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { freePort } from "#server/store/embedded.ts"
import { type Server, startServer } from "../process.ts"
import { kafkaClasspath } from "./jars.ts"
import { serverProperties } from "./settings.ts"

export interface KafkaOptions {
  nodes?: number
  /** Keeps the data there; default a temporary folder, deleted on disposal. */
  dataDir?: string
  /** Client ports, one a node; default: chosen by the system. */
  ports?: number[]
  config?: Record<string, string>
  heap?: string
  /** Further arguments of the storage formatter (SCRAM users). */
  format?: string[]
  jvm?: string[]
  detached?: boolean
}

export interface KafkaNode {
  readonly id: number
  readonly port: number
  readonly pid: number
  /** SIGKILL. */
  kill(): Promise<void>
  stop(): Promise<void>
  /** Starts again with the same ports and data. */
  start(): Promise<void>
}

export interface KafkaCluster extends AsyncDisposable {
  readonly bootstrap: string[]
  readonly nodes: KafkaNode[]
  readonly dataDir: string
  /** Runs one of Kafka's own command-line tools and returns what it prints. */
  tool(name: KafkaTool, args: string[]): Promise<string>
}

const TOOLS = {
  topics: "org.apache.kafka.tools.TopicCommand",
  "consumer-groups": "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
  "share-groups": "org.apache.kafka.tools.consumer.group.ShareGroupCommand",
  "get-offsets": "org.apache.kafka.tools.GetOffsetShell",
  configs: "kafka.admin.ConfigCommand",
  "console-share-consumer": "org.apache.kafka.tools.consumer.ConsoleShareConsumer",
} as const
export type KafkaTool = keyof typeof TOOLS

const QUIET = [
  "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
  "-XX:TieredStopAtLevel=1",
  "-XX:+UseSerialGC",
  "-Xshare:auto",
]

/** A real KRaft cluster on ports the system chose. Ready when every node takes connections. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaCluster> {
  const classpath = await kafkaClasspath()
  const count = options.nodes ?? 1
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), "signalbox-kafka-")))
  const ports = options.ports ?? (await Promise.all(Array.from({ length: count }, freePort)))
  const controllers = await Promise.all(Array.from({ length: count }, freePort))
  const voters = controllers.map((port, index) => `${index + 1}@127.0.0.1:${port}`).join(",")
  const nodes = await Promise.all(
    ports.map((port, index) =>
      prepareNode({
        id: index + 1,
        port,
        controllerPort: controllers[index] ?? 0,
        voters,
        count,
        dataDir,
        classpath,
        options,
      }),
    ),
  )
  await Promise.all(nodes.map((node) => node.start()))
  const bootstrap = ports.map((port) => `127.0.0.1:${port}`)
  return {
    bootstrap,
    nodes,
    dataDir,
    tool: (name, args) =>
      runTool(classpath, TOOLS[name], ["--bootstrap-server", bootstrap.join(","), ...args]),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(nodes.map((node) => node.kill()))
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** What a Kafka command-line tool prints. */
export async function runTool(classpath: string, main: string, args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    "java",
    [...QUIET, "-Xmx256m", "-cp", classpath, main, ...args],
    {
      maxBuffer: 64 << 20,
      timeout: 120_000,
    },
  )
  return stdout
}

interface NodePlan {
  id: number
  port: number
  controllerPort: number
  voters: string
  count: number
  dataDir: string
  classpath: string
  options: KafkaOptions
}

async function prepareNode(plan: NodePlan): Promise<KafkaNode> {
  const home = path.join(plan.dataDir, `node-${plan.id}`)
  const data = path.join(home, "log")
  await mkdir(home, { recursive: true })
  const file = path.join(home, "server.properties")
  const extra = replacePorts(plan.options.config ?? {}, plan)
  await writeFile(file, serverProperties({ ...plan, dataDir: data, nodes: plan.count, extra }))
  if ((await readdir(data).catch(() => [])).length === 0) await format(plan, file)
  let server: Server | null = null
  const start = async () => {
    server = await startServer({
      name: `kafka ${plan.id}`,
      command: "java",
      args: [
        ...QUIET,
        ...(plan.options.jvm ?? []),
        `-Xmx${plan.options.heap ?? "512m"}`,
        "-cp",
        plan.classpath,
        "kafka.Kafka",
        file,
      ],
      ready: () => accepts(plan.port),
      detached: plan.options.detached ?? false,
    })
  }
  return {
    id: plan.id,
    port: plan.port,
    get pid() {
      return server?.pid ?? 0
    },
    kill: async () => server?.kill("SIGKILL"),
    stop: async () => server?.stop(),
    start,
  }
}

/** `{port}` in a setting stands for the node's client port, so that one setting serves all nodes. */
function replacePorts(config: Record<string, string>, plan: NodePlan): Record<string, string> {
  const entries = Object.entries(config).map(([name, value]) => [
    name,
    value.replaceAll("{port}", String(plan.port)).replaceAll("{controller}", String(plan.controllerPort)),
  ])
  return Object.fromEntries(entries)
}

const CLUSTER_ID = randomBytes(16).toString("base64url")

async function format(plan: NodePlan, file: string): Promise<void> {
  await runTool(plan.classpath, "kafka.tools.StorageTool", [
    "format",
    "-t",
    CLUSTER_ID,
    "-c",
    file,
    ...(plan.options.format ?? []),
  ])
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: 500 })
    const done = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once("connect", () => done(true))
    socket.once("error", () => done(false))
    socket.once("timeout", () => done(false))
  })
}
