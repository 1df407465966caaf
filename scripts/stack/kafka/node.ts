import { mkdir, readFile, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { type Server, startServer } from "../process.ts"
import { jvmFlags } from "./classes.ts"
import { accepts } from "./ready.ts"
import { type NodeSettings, serverProperties } from "./settings.ts"
import { runJava } from "./tools.ts"

export interface KafkaNode {
  readonly id: number
  readonly port: number
  readonly pid: number
  readonly running: boolean
  /** The last of what the server printed. */
  log(): string
  /** SIGKILL. */
  kill(): Promise<void>
  /** An orderly shutdown; killed when it takes too long (a node that stands alone cannot leave its quorum). */
  stop(): Promise<void>
  /** Starts again with the same ports and data; resolves when the broker is back in the cluster. */
  start(): Promise<void>
}

export interface NodePlan extends Omit<NodeSettings, "dataDir"> {
  /** Folder of this node. */
  home: string
  clusterId: string
  classpath: string
  heap: string
  jvm: string[]
  /** How long an orderly shutdown may take before the node is killed. */
  stopMs: number
  /** Further arguments of the storage formatter. */
  format: string[]
  /** Resolves when the broker is a member of its cluster. */
  joined: (id: number) => Promise<void>
}

/** Writes the node's settings and formats its storage, unless that was done before. */
export async function prepareNode(plan: NodePlan): Promise<KafkaNode> {
  const data = path.join(plan.home, "log")
  await mkdir(plan.home, { recursive: true })
  const file = path.join(plan.home, "server.properties")
  const extra = replacePorts(plan)
  await writeFile(file, serverProperties({ ...plan, dataDir: data, extra }))
  const done = path.join(plan.home, "formatted")
  if (!(await readFile(done, "utf8").catch(() => null))) {
    await rm(data, { recursive: true, force: true })
    const args = ["format", `--cluster-id=${plan.clusterId}`, "-c", file, ...plan.format]
    await runJava(plan.classpath, "kafka.tools.StorageTool", args)
    await writeFile(done, plan.clusterId)
  }
  return kafkaNode(plan, file)
}

function kafkaNode(plan: NodePlan, file: string): KafkaNode {
  let server: Server | null = null
  return {
    id: plan.id,
    port: plan.port,
    get pid() {
      return server?.pid ?? 0
    },
    get running() {
      return server?.running ?? false
    },
    log: () => server?.log() ?? "",
    kill: async () => server?.kill("SIGKILL"),
    stop: async () => server?.stop(),
    start: async () => {
      server = await launch(plan, file)
      await plan.joined(plan.id)
    },
  }
}

function launch(plan: NodePlan, file: string): Promise<Server> {
  const level = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
  return startServer({
    name: `Kafka node ${plan.id}`,
    command: "java",
    args: [...jvmFlags(), level, ...plan.jvm, `-Xmx${plan.heap}`, "-cp", plan.classpath, "kafka.Kafka", file],
    logFile: path.join(plan.home, "server.log"),
    stopMs: plan.stopMs,
    ready: () => accepts(plan.port),
  })
}

/** `{port}` in a setting stands for the node's client port, so that one setting serves all nodes. */
function replacePorts(plan: NodePlan): Record<string, string> {
  const entries = Object.entries(plan.extra).map(([name, value]) => [
    name,
    value.replaceAll("{port}", String(plan.port)).replaceAll("{controller}", String(plan.controllerPort)),
  ])
  return Object.fromEntries(entries)
}
