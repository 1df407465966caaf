import type { Admin, ITopicConfig } from "kafkajs"
import { until } from "../until.ts"

/**
 * Makes topics and waits until their partitions can be written: kafkajs' own waiting gives up when the broker that it
 * asks has not heard of a topic yet.
 */
export async function createTopics(admin: Admin, topics: ITopicConfig[]): Promise<void> {
  await admin.createTopics({ topics, waitForLeaders: false })
  const names = topics.map(({ topic }) => topic)
  await until(`the partitions of ${names} have leaders`, () => haveLeaders(admin, names))
}

async function haveLeaders(admin: Admin, topics: string[]): Promise<boolean> {
  const metadata = await admin.fetchTopicMetadata({ topics }).catch(() => null)
  const partitions = metadata?.topics.flatMap((topic) => topic.partitions) ?? []
  return partitions.length > 0 && partitions.every((partition) => partition.leader >= 0)
}
