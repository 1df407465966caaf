import { randomBytes } from "node:crypto"
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { freePorts } from "../ports.ts"
import { archiveClasses } from "./classes.ts"
import { kafkaClasspath } from "./jars.ts"
import { type KafkaNode, prepareNode } from "./node.ts"
import { untilRegistered } from "./ready.ts"
import {
  type ListenerPorts,
  listenerNames,
  type Security,
  type SecurityOptions,
  secure,
  USERS,
} from "./security.ts"
import { type KafkaTools, kafkaTools } from "./tools.ts"

export interface KafkaOptions {
  /** Default 1. */
  brokers?: number
  /** Settings over those of settings.ts; `{port}` stands for the node's client port. */
  config?: Record<string, string>
  /** Keeps the data there; default a temporary folder, deleted on disposal. */
  dataDir?: string
  /** Client ports, one a node; default: free ones. */
  ports?: number[]
  /** Further listeners, for tests of connecting. */
  security?: SecurityOptions
  /** Of each node; default 384m. */
  heap?: string
  jvm?: string[]
  /** How long an orderly shutdown may take before a node is killed; default 8 s. */
  stopMs?: number
}

export interface KafkaCluster extends AsyncDisposable {
  readonly bootstrap: string[]
  readonly nodes: KafkaNode[]
  readonly dataDir: string
  readonly clusterId: string
  readonly tools: KafkaTools
  readonly security: Security
  /** An orderly end of all nodes; data stays. */
  stop(): Promise<void>
}

/** A real KRaft cluster, every node broker and controller. Ready when all brokers have joined. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaCluster> {
  const classpath = await kafkaClasspath()
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), "signalbox-kafka-")))
  const clusterId = await readOrMakeClusterId(dataDir)
  const brokers = options.brokers ?? 1
  const layout = await layOut(brokers, options)
  const { config, format, certificates } = await secure(
    options.security ?? {},
    path.join(dataDir, "certificates"),
  )
  const bootstrap = layout.map((node) => `127.0.0.1:${node.port}`)
  const voters = layout.map((node) => `${node.id}@127.0.0.1:${node.controllerPort}`).join(",")
  const nodes = await Promise.all(
    layout.map((node) =>
      prepareNode({
        ...node,
        voters,
        brokers,
        clusterId,
        classpath,
        format,
        home: path.join(dataDir, `node-${node.id}`),
        extra: { ...config, ...options.config },
        heap: options.heap ?? "384m",
        jvm: options.jvm ?? [],
        stopMs: options.stopMs ?? 8000,
        joined: (id) => untilRegistered(bootstrap, [id]),
      }),
    ),
  )
  const end = (how: "kill" | "stop") => Promise.all(nodes.map((node) => node[how]()))
  const dispose = async () => {
    await end("kill")
    if (!options.dataDir) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    await Promise.all(nodes.map((node) => node.start()))
  } catch (error) {
    await dispose()
    throw error
  }
  return {
    bootstrap,
    nodes,
    dataDir,
    clusterId,
    tools: kafkaTools(classpath, bootstrap),
    security: {
      certificates,
      users: USERS,
      bootstrap: (listener) => layout.map((node) => `127.0.0.1:${node.ports[listener]}`),
    },
    stop: async () => {
      await end("stop")
    },
    [Symbol.asyncDispose]: dispose,
  }
}

/** Makes all later starts shorter; takes some seconds the first time, and nothing from then on. */
export async function prepareQuickStarts(): Promise<void> {
  await archiveClasses(await kafkaClasspath(), async (dataDir, jvm) => {
    await using kafka = await startKafka({ dataDir, jvm, stopMs: 120_000 })
    await kafka.stop()
  })
}

interface NodeLayout {
  id: number
  port: number
  controllerPort: number
  ports: ListenerPorts
  listeners: Record<string, number>
}

async function layOut(brokers: number, options: KafkaOptions): Promise<NodeLayout[]> {
  const names = listenerNames(options.security ?? {})
  const free = await freePorts(brokers * 6)
  return Array.from({ length: brokers }, (_, index) => {
    const [port = 0, controllerPort = 0, tls = 0, mtls = 0, sasl = 0, saslTls = 0] = free.slice(index * 6)
    const ports: ListenerPorts = { tls, mtls, sasl, saslTls }
    const listeners = (Object.keys(ports) as (keyof ListenerPorts)[]).flatMap((listener) => {
      const name = names[listener]
      return name ? [[name, ports[listener]] as const] : []
    })
    return {
      id: index + 1,
      port: options.ports?.[index] ?? port,
      controllerPort,
      ports,
      listeners: Object.fromEntries(listeners),
    }
  })
}

async function readOrMakeClusterId(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true })
  const file = path.join(dataDir, "cluster-id")
  const known = await readFile(file, "utf8").catch(() => null)
  if (known) return known.trim()
  const id = randomBytes(16).toString("base64url")
  await writeFile(file, id)
  return id
}
