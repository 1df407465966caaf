import { readFile } from "node:fs/promises"
import { createSecureContext, type Server as TlsServer } from "node:tls"
import type { Logger } from "#server/log.ts"

/** How often the files are looked at. */
const LOOK_EVERY_MS = 10_000

interface Keys {
  cert: Buffer
  key: Buffer
}

/**
 * A certificate and its key from files. They are read again as they change, as cert-manager and Let's Encrypt renew them:
 * new connections get the new ones. Files that do not fit each other are logged, and the last that did are kept.
 */
export class Tls {
  readonly #files: { cert: string; key: string }
  readonly #log: Logger
  readonly #servers = new Set<TlsServer>()
  readonly #timer: NodeJS.Timeout
  #keys: Keys

  private constructor(files: { cert: string; key: string }, keys: Keys, log: Logger) {
    this.#files = files
    this.#keys = keys
    this.#log = log
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS).unref()
  }

  /** Rejects when the files cannot be read or do not fit each other. */
  static async open(files: { cert: string; key: string }, log: Logger): Promise<Tls> {
    return new Tls(files, await readKeys(files), log)
  }

  /** Makes a server, and gives it new keys from then on. */
  serve<Made extends TlsServer>(make: (keys: Keys) => Made): Made {
    const server = make(this.#keys)
    this.#servers.add(server)
    server.once("close", () => this.#servers.delete(server))
    return server
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    try {
      const keys = await readKeys(this.#files)
      if (keys.cert.equals(this.#keys.cert) && keys.key.equals(this.#keys.key)) return
      this.#keys = keys
      for (const server of this.#servers) server.setSecureContext(keys)
      this.#log.info("the receiver uses a new certificate")
    } catch (error) {
      this.#log.warn({ err: error }, "the receiver's new certificate cannot be used; it keeps the one before")
    }
  }
}

async function readKeys({ cert, key }: { cert: string; key: string }): Promise<Keys> {
  const keys = { cert: await readFile(cert), key: await readFile(key) }
  // Throws where the two do not fit each other.
  createSecureContext(keys)
  return keys
}
