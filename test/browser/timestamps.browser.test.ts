import { expect, test } from "vitest"
import { createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { startDesk } from "./desk.ts"

const ANY_TIME = { "message.timestamp.after.max.ms": "9223372036854775807" }

test("a message with a timestamp in nanoseconds is shown beside the others", async () => {
  const topic = unique("orders")
  await createTopic(kafkaClient(), topic, { partitions: 2, config: ANY_TIME })
  await produce(kafkaClient(), topic, [
    { partition: 0, value: "friendly" },
    { partition: 1, value: "nanoseconds", timestamp: "1764160000000000000" },
  ])
  await using desk = await startDesk()
  await desk.go(`/clusters/shop/topics/${topic}?tab=messages`)
  const table = desk.page.getByRole("table", { name: "Messages" })
  await table.getByText("friendly").waitFor()
  await table.getByText("nanoseconds").waitFor()
  await table.getByText("out of range: 1764160000000000000").waitFor()
  await expect.poll(() => table.locator("tbody tr").count()).toBe(2)
})
