import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { jvmFlags } from "./classes.ts"

const CLASSES = {
  topics: "org.apache.kafka.tools.TopicCommand",
  "consumer-groups": "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
  "share-groups": "org.apache.kafka.tools.consumer.group.ShareGroupCommand",
  "get-offsets": "org.apache.kafka.tools.GetOffsetShell",
  "log-dirs": "org.apache.kafka.tools.LogDirsCommand",
  configs: "kafka.admin.ConfigCommand",
  acls: "org.apache.kafka.tools.AclCommand",
  "leader-election": "org.apache.kafka.tools.LeaderElectionCommand",
  "reassign-partitions": "org.apache.kafka.tools.reassign.ReassignPartitionsCommand",
  transactions: "org.apache.kafka.tools.TransactionsCommand",
  "producer-perf-test": "org.apache.kafka.tools.ProducerPerformance",
  "console-share-consumer": "org.apache.kafka.tools.consumer.ConsoleShareConsumer",
} as const

type KafkaTool = keyof typeof CLASSES

/** Kafka's own command-line tools, to compare ours with. */
export interface KafkaTools {
  /** What the tool prints. Rejects when it ends with an error. */
  run(tool: KafkaTool, args: string[]): Promise<string>
}

const QUIET = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"

export function kafkaTools(classpath: string, bootstrap: string[]): KafkaTools {
  return {
    run: (tool, args) =>
      runJava(classpath, CLASSES[tool], ["--bootstrap-server", bootstrap.join(","), ...args]),
  }
}

/** Runs a main class of Kafka's jars and returns what it prints. */
export async function runJava(classpath: string, main: string, args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    "java",
    [...jvmFlags(), QUIET, "-Xmx256m", "-cp", classpath, main, ...args],
    {
      maxBuffer: 64 << 20,
      timeout: 120_000,
    },
  )
  return stdout
}
