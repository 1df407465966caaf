import { createCipheriv, createDecipheriv, createHmac, randomBytes, scryptSync } from "node:crypto"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import path from "node:path"
import { DomainError } from "#server/errors.ts"

const VERSION = "v1"
const KEY_BYTES = 32
// Without it, Node takes a tag that was cut to 4 bytes, which can be guessed.
const TAG = { authTagLength: 16 }
const SALT = "signalbox connection secrets"

/** Seals what must not be read by whoever has the database (AES-256-GCM, NIST SP 800-38D). */
export interface Vault {
  seal(text: string, purpose: string): string
  /** Throws a DomainError when the key is another or the text was changed. */
  open(sealed: string, purpose: string): string
  /** A key of its own for another purpose, that does not give this one away. */
  derive(purpose: string): string
}

/** The key comes from SIGNALBOX_SECRET, or from a key file that is made at the first start (mode 0600). */
export async function openVault(options: { secret: string | undefined; dataDir: string }): Promise<Vault> {
  const key = options.secret ? keyOfSecret(options.secret) : await readOrMakeKey(options.dataDir)
  return createVault(key)
}

export function keyOfSecret(secret: string): Buffer {
  return scryptSync(secret, SALT, KEY_BYTES)
}

export function newKey(): Buffer {
  return randomBytes(KEY_BYTES)
}

export function keyFileOf(dataDir: string): string {
  return path.join(dataDir, "secret.key")
}

/** The key in a file; null: there is no such file, or it holds none. */
export async function readKeyFile(file: string): Promise<Buffer | null> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error
    return ""
  })
  const key = Buffer.from(text, "base64")
  return key.length === KEY_BYTES ? key : null
}

/** A vault with a 32-byte key. `purpose` is bound to the sealed text, so that one secret cannot pass for another. */
export function createVault(key: Buffer): Vault {
  return {
    derive: (purpose) => createHmac("sha256", key).update(purpose).digest("base64"),
    seal: (text, purpose) => {
      const nonce = randomBytes(12)
      const cipher = createCipheriv("aes-256-gcm", key, nonce, TAG).setAAD(Buffer.from(purpose))
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()])
      return [
        VERSION,
        nonce.toString("base64"),
        cipher.getAuthTag().toString("base64"),
        body.toString("base64"),
      ].join(".")
    },
    open: (sealed, purpose) => {
      const [version, nonce = "", tag = "", body = ""] = sealed.split(".")
      try {
        if (version !== VERSION) throw new Error(`unknown version ${version}`)
        const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"), TAG)
        decipher.setAAD(Buffer.from(purpose)).setAuthTag(Buffer.from(tag, "base64"))
        return decipher.update(Buffer.from(body, "base64"), undefined, "utf8") + decipher.final("utf8")
      } catch (cause) {
        const advice =
          "Start with the SIGNALBOX_SECRET or key file that it was sealed with, or enter the connection again."
        throw new DomainError("conflict", `A stored secret cannot be opened with this key. ${advice}`, {
          cause,
        })
      }
    },
  }
}

async function readOrMakeKey(dataDir: string): Promise<Buffer> {
  const file = keyFileOf(dataDir)
  await mkdir(dataDir, { recursive: true })
  await writeFile(file, newKey().toString("base64"), { mode: 0o600, flag: "wx" }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error
    },
  )
  const key = await readKeyFile(file)
  if (key) return key
  throw new DomainError(
    "conflict",
    `The key file ${file} is damaged. Put back the one that was saved with it.`,
  )
}
