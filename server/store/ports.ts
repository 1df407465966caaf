import { createServer, type Server } from "node:net"

// Below the range that the system hands out to outgoing connections (32768 up), so that nobody takes the port of a
// server that is down for a while.
const LOWEST = 12_000
const HIGHEST = 32_000

/** Distinct TCP ports on 127.0.0.1 that were free a moment ago, and that a server may keep through restarts. */
export async function freePorts(count: number): Promise<number[]> {
  const held: Server[] = []
  const ports: number[] = []
  while (ports.length < count) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
    const server = await hold(port)
    if (!server) continue
    held.push(server)
    ports.push(port)
  }
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** One such port. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1)
  return port
}

function hold(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once("error", () => resolve(null))
    server.listen(port, "127.0.0.1", () => resolve(server))
  })
}
