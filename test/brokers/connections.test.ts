import { subscribe, unsubscribe } from "node:diagnostics_channel"
import type { Socket } from "node:net"
import { afterAll, beforeAll, expect, inject, it, vi } from "vitest"
import { Connections } from "#server/brokers/connections.ts"
import { systems } from "#server/brokers/systems.ts"
import { administrationWorld, CLUSTER } from "#test/administration/world.ts"
import { createTopic, kafkaClient, unique } from "#test/brokers/kafka-world.ts"

/** Every TCP connection that this process has opened since. */
const sockets = new Set<Socket>()
const note = (message: unknown) => void sockets.add((message as { socket: Socket }).socket)
const ports = new Set(inject("kafkaBootstrap").map((at) => Number(at.split(":").at(-1))))
const toBrokers = () => [...sockets].filter((one) => !one.destroyed && ports.has(one.remotePort ?? 0)).length

let world: Awaited<ReturnType<typeof administrationWorld>>
beforeAll(async () => {
  world = await administrationWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

it("the web process closes its connections to a cluster that anybody removed", async () => {
  const destination = unique("orders")
  const admin = kafkaClient()
  await createTopic(admin, destination)
  subscribe("net.client.socket", note)
  try {
    await world.as("admin").previewDelete({ cluster: CLUSTER, destination })
    expect(toBrokers()).toBeGreaterThan(0)
    await world.store.pool.query("delete from cluster where slug = $1", [CLUSTER])
    await expect.poll(toBrokers).toBe(0)
  } finally {
    unsubscribe("net.client.socket", note)
  }
})

it("a client that does not close cleanly is told, and rejects for nobody", async () => {
  const told: string[] = []
  const [kafka] = Object.values(systems)
  if (!kafka) throw new Error("There is a system.")
  const connect = vi.spyOn(kafka, "connect").mockImplementation((...given) => {
    connect.mockRestore()
    return { ...kafka.connect(...given), [Symbol.asyncDispose]: () => Promise.reject(new Error("no end")) }
  })
  await using connections = new Connections({
    clientId: "test",
    log: (_, message) => void told.push(message),
  })
  const connection = { bootstrap: inject("kafkaBootstrap").join(",") }
  const target = { clusterId: 1, system: kafka.id, connection, revision: "1" }
  connections.get(target)
  connections.get({ ...target, revision: "2" })
  await expect.poll(() => told).toEqual(["a broker client did not close cleanly"])
  await connections.release(1)
  expect(connections.open).toEqual([])
})
