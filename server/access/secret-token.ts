import { createHash, randomBytes } from "node:crypto"

/** A secret of 256 bits for an address or a header. It is told once: only its hash is stored. */
export function newSecretToken(): string {
  return randomBytes(32).toString("base64url")
}

/** What is stored of a secret token: SHA-256, hexadecimal. It needs no salt, since nobody can guess 256 bits. */
export function tokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex")
}
