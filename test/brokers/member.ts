import { spawn } from "node:child_process"
import { once } from "node:events"
import { Consumer } from "@platformatic/kafka"
import { inject } from "vitest"
import { jvmFlags } from "#scripts/stack/kafka/classes.ts"
import { kafkaClasspath } from "#scripts/stack/kafka/jars.ts"
import { until } from "#test/until.ts"
import { connectKafka } from "./kafka-world.ts"

export interface Member {
  /** Leaves the group; ends when the group is empty. */
  stop(): Promise<void>
}

interface MemberOf {
  topic: string
  group: string
  protocol: "classic" | "consumer" | "share"
  clientId?: string
}

/** One real consumer of a group, in the group when this resolves. */
export async function startMember(of: MemberOf): Promise<Member> {
  const leave = of.protocol === "share" ? await sharing(of) : await consuming(of)
  await countedUntil(of.group, (members) => members > 0)
  return {
    stop: async () => {
      await leave()
      await countedUntil(of.group, (members) => members === 0)
    },
  }
}

async function consuming(of: MemberOf): Promise<() => Promise<void>> {
  const base = {
    clientId: of.clientId ?? "member",
    groupId: of.group,
    bootstrapBrokers: inject("kafkaBootstrap"),
  }
  const consumer =
    of.protocol === "consumer"
      ? new Consumer({ ...base, groupProtocol: "consumer" })
      : new Consumer({ ...base, groupProtocol: "classic" })
  const stream = await consumer.consume({ topics: [of.topic], autocommit: false })
  stream.on("data", () => undefined)
  return async () => {
    await stream.close()
    await consumer.close(true)
  }
}

/** Kafka's own console consumer: no JavaScript client can read as a share group. */
async function sharing(of: MemberOf): Promise<() => Promise<void>> {
  const main = "org.apache.kafka.tools.consumer.ConsoleShareConsumer"
  const args = ["--bootstrap-server", inject("kafkaBootstrap").join(","), "--topic", of.topic]
  const child = spawn(
    "java",
    [...jvmFlags(), "-Xmx128m", "-cp", await kafkaClasspath(), main, ...args, "--group", of.group],
    { stdio: "ignore" },
  )
  return async () => {
    child.kill("SIGTERM")
    if (child.exitCode === null) await once(child, "exit")
  }
}

async function countedUntil(group: string, holds: (members: number) => boolean): Promise<void> {
  await using broker = connectKafka(inject("kafkaBootstrap"))
  await until(`${group} has the members it should`, async () => {
    const described = await broker.describe({ groups: [group] }, AbortSignal.timeout(60_000))
    return holds(described.groups[0]?.members?.length ?? 0)
  })
}
