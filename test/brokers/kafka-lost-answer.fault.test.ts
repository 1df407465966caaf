import { connect, createServer, type Socket } from "node:net"
import { expect, it } from "vitest"
import { startKafka } from "#scripts/stack/kafka/kafka.ts"
import { freePorts } from "#scripts/stack/ports.ts"
import { connectKafka, createTopic, kafkaClient } from "./kafka-world.ts"

const DELETE_GROUPS = 42
const soon = () => AbortSignal.timeout(60_000)

it("a group whose deletion was carried out, but not answered, counts as deleted", async () => {
  const [port = 0, proxy = 0] = await freePorts(2)
  await using cut = await cutAnswer({ listen: proxy, to: port, apiKey: DELETE_GROUPS })
  const config = { "advertised.listeners": `PLAINTEXT://127.0.0.1:${proxy}` }
  await using cluster = await startKafka({ brokers: 1, ports: [port], config })
  expect(cluster.bootstrap).toEqual([`127.0.0.1:${port}`])
  const kafka = kafkaClient([`127.0.0.1:${proxy}`])
  await createTopic(kafka, "orders")
  await using broker = connectKafka([`127.0.0.1:${proxy}`])
  for (const name of ["billing", "shipping"]) {
    const at = [{ destination: "orders", partition: 0, offset: 0n }]
    expect((await broker.offsets?.commit({ name, type: "classic" }, at, soon()))?.problems).toEqual([])
  }
  const remove = (name: string) => broker.admin?.deleteGroup({ name, type: "classic" }, soon())
  await remove("billing")
  expect(cut.lost).toBe(1)
  expect((await broker.sample({ destinations: [] }, soon())).groups.map((one) => one.name)).toEqual([
    "shipping",
  ])
  await expect(remove("billing")).rejects.toMatchObject({ code: "not_found" })
})

/** Passes everything on, but cuts the connection in place of the first answer to a request of this kind. */
async function cutAnswer(by: { listen: number; to: number; apiKey: number }) {
  let lost = 0
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const broker = connect(by.to, "127.0.0.1")
    const end = () => {
      client.destroy()
      broker.destroy()
    }
    for (const socket of [client, broker]) {
      open.add(socket)
      socket.on("error", end).on("close", end)
    }
    let isAsked = false
    // A request begins with its size (INT32) and its API key (INT16).
    client.on("data", (bytes) => {
      isAsked ||= lost === 0 && bytes.length > 6 && bytes.readInt16BE(4) === by.apiKey
      broker.write(bytes)
    })
    broker.on("data", (bytes) => {
      if (!isAsked || lost > 0) return void client.write(bytes)
      lost += 1
      end()
    })
  })
  await new Promise<void>((resolve) => server.listen(by.listen, "127.0.0.1", resolve))
  return {
    get lost() {
      return lost
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}
