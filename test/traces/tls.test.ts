import { execFile } from "node:child_process"
import { randomBytes } from "node:crypto"
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises"
import { request } from "node:https"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import type { TLSSocket } from "node:tls"
import { promisify } from "node:util"
import { expect, it } from "vitest"
import { createLogger } from "#server/log.ts"
import { otlpServer, Tls } from "#server/traces/index.ts"
import { seenUntil } from "#test/until.ts"
import { requestOf } from "./requests.ts"
import { receiverWorld } from "./world.ts"

const run = promisify(execFile)

/** A certificate for 127.0.0.1 that signs itself, by a name of its own. */
async function certificate(folder: string, name: string) {
  const files = { cert: path.join(folder, `${name}.crt`), key: path.join(folder, `${name}.key`) }
  const subject = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1"]
  const made = ["-newkey", "rsa:2048", "-nodes", "-keyout", files.key, "-out", files.cert, "-days", "2"]
  await run("openssl", ["req", "-x509", ...made, ...subject])
  return files
}

it("takes spans over TLS, and a renewed certificate without a restart", { timeout: 180_000 }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "signalbox-tls-"))
  const [first, second] = [await certificate(folder, "first"), await certificate(folder, "second")]
  const used = { cert: path.join(folder, "tls.crt"), key: path.join(folder, "tls.key") }
  const use = async (one: typeof used) => {
    await copyFile(one.key, used.key)
    await copyFile(one.cert, used.cert)
  }
  await use(first)
  await using world = await receiverWorld()
  const log = createLogger("receiver")
  const tls = await Tls.open(used, log)
  const server = otlpServer({ receiver: world.receiver, admits: () => true, log, tls })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  const ca = [await readFile(first.cert), await readFile(second.cert)]
  /** The answer's status, and whose certificate it was. */
  const send = () =>
    new Promise<[number | undefined, string | undefined]>((resolve, reject) => {
      const headers = { "content-type": "application/x-protobuf" }
      const one = request(
        { host: "127.0.0.1", port, path: "/v1/traces", method: "POST", ca, agent: false, headers },
        (response) => {
          const name = (response.socket as TLSSocket).getPeerCertificate().subject.CN
          response.resume().once("end", () => resolve([response.statusCode, String(name)]))
        },
      )
      one.once("error", reject)
      one.end(requestOf(randomBytes(16), [{}]))
    })
  try {
    expect(await send()).toEqual([200, "first"])
    await use(second)
    const renewed = await seenUntil(send, ([, name]) => name === "second")
    expect(renewed).toEqual([200, "second"])
    await expect(Tls.open({ cert: first.cert, key: second.key }, log)).rejects.toThrow()
  } finally {
    tls.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await rm(folder, { recursive: true })
  }
})
