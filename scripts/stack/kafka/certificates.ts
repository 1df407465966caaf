import { execFile } from "node:child_process"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import path from "node:path"
import { promisify } from "node:util"

export interface Certificates {
  /** PEM texts, as a user would paste them. */
  ca: string
  clientCertificate: string
  clientKey: string
  files: {
    ca: string
    clientCertificate: string
    clientKey: string
    /** Key and certificate of the brokers in one PEM file, as Kafka's PEM key store wants it. */
    serverKeyStore: string
  }
}

/** A certificate authority of its own, a certificate for the brokers (localhost, 127.0.0.1) and one for a client. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  await mkdir(folder, { recursive: true })
  const at = (name: string) => path.join(folder, name)
  await openssl([
    "req",
    "-x509",
    ...newKey(at("ca.key")),
    "-out",
    at("ca.pem"),
    "-days",
    "30",
    "-subj",
    "/CN=Test CA",
  ])
  await sign({ at, name: "server", subject: "/CN=localhost", names: "DNS:localhost,IP:127.0.0.1" })
  await sign({ at, name: "client", subject: "/CN=signalbox", names: "DNS:signalbox" })
  const server = (await readFile(at("server.key"), "utf8")) + (await readFile(at("server.pem"), "utf8"))
  await writeFile(at("server-store.pem"), server)
  return {
    ca: await readFile(at("ca.pem"), "utf8"),
    clientCertificate: await readFile(at("client.pem"), "utf8"),
    clientKey: await readFile(at("client.key"), "utf8"),
    files: {
      ca: at("ca.pem"),
      clientCertificate: at("client.pem"),
      clientKey: at("client.key"),
      serverKeyStore: at("server-store.pem"),
    },
  }
}

function newKey(file: string): string[] {
  return ["-newkey", "rsa:2048", "-nodes", "-keyout", file]
}

interface Signing {
  at: (name: string) => string
  name: string
  subject: string
  names: string
}

async function sign({ at, name, subject, names }: Signing): Promise<void> {
  const [key, request, certificate] = [at(`${name}.key`), at(`${name}.csr`), at(`${name}.pem`)]
  await openssl(["req", "-new", ...newKey(key), "-out", request, "-subj", subject])
  await writeFile(at(`${name}.ext`), `subjectAltName=${names}\n`)
  const authority = ["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial"]
  const extension = ["-extfile", at(`${name}.ext`)]
  await openssl([
    "x509",
    "-req",
    "-in",
    request,
    ...authority,
    ...extension,
    "-days",
    "30",
    "-out",
    certificate,
  ])
}

async function openssl(args: string[]): Promise<void> {
  await promisify(execFile)("openssl", args)
}
