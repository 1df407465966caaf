import { connect } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { Admin } from "@platformatic/kafka"

/** True when something takes connections there. */
export function accepts(port: number): Promise<boolean> {
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

/** Waits until the brokers with these ids are members of the cluster and not fenced: then topics can be made on them. */
export async function untilRegistered(
  bootstrap: string[],
  ids: number[],
  deadlineMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + deadlineMs
  for (;;) {
    const found = await registered(bootstrap)
    if (ids.every((id) => found.has(id))) return
    if (Date.now() > deadline) {
      throw new Error(`Kafka nodes ${ids} did not join: there are only ${[...found]} at ${bootstrap}`)
    }
    await sleep(200)
  }
}

async function registered(bootstrap: string[]): Promise<Set<number>> {
  const admin = new Admin({
    clientId: "stack",
    bootstrapBrokers: bootstrap,
    connectTimeout: 1000,
    requestTimeout: 2000,
    retries: 0,
  })
  try {
    const metadata = await admin.metadata({ topics: [], forceUpdate: true })
    return new Set(metadata.brokers.keys())
  } catch {
    return new Set()
  } finally {
    await admin.close().catch(() => undefined)
  }
}
