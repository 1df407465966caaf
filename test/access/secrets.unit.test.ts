import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createVault, openVault } from "#server/access/secrets.ts"

const vault = createVault(Buffer.alloc(32, 1))
const FOR = "cluster prod-eu"

describe("a sealed secret", () => {
  it("opens to what was sealed, and never looks the same twice", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (text, purpose) => {
        expect(vault.open(vault.seal(text, purpose), purpose)).toBe(text)
        expect(vault.seal(text, purpose)).not.toBe(vault.seal(text, purpose))
      }),
    )
  })

  it("does not show the text", () => {
    const sealed = vault.seal("hunter2 hunter2", FOR)
    const parts = sealed.split(".").map((part) => Buffer.from(part, "base64").toString("latin1"))
    expect([sealed, ...parts].join()).not.toContain("hunter2")
  })

  it("says what to do when the key is another", () => {
    const other = createVault(Buffer.alloc(32, 2))
    expect(() => other.open(vault.seal("secret", FOR), FOR)).toThrow(/SIGNALBOX_SECRET or key file/)
  })

  it("cannot pass for the secret of another cluster", () => {
    expect(() => vault.open(vault.seal("secret", FOR), "cluster prod-us")).toThrow(/cannot be opened/)
  })

  it.each([0, 1, 2, 3])("does not open when part %i was changed", (index) => {
    const parts = vault.seal("secret", FOR).split(".")
    const bytes = Buffer.from(parts[index] ?? "", index === 0 ? "utf8" : "base64")
    bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0)
    parts[index] = index === 0 ? bytes.toString("utf8") : bytes.toString("base64")
    expect(() => vault.open(parts.join("."), FOR)).toThrow(/cannot be opened/)
  })

  it("does not open with a tag cut short to what can be guessed", () => {
    const [version, nonce, tag, body] = vault.seal("secret", FOR).split(".")
    const short = Buffer.from(tag ?? "", "base64")
      .subarray(0, 4)
      .toString("base64")
    expect(() => vault.open([version, nonce, short, body].join("."), FOR)).toThrow(/cannot be opened/)
  })

  it.each(["", "v1", "v1...", "nonsense"])("refuses %j with the same sentence", (sealed) => {
    expect(() => vault.open(sealed, FOR)).toThrow(/cannot be opened/)
  })
})

describe("the key", () => {
  it("is made at the first start, for its owner's eyes only, and used again at the next", async () => {
    await using folder = await temporaryFolder()
    const [first, same] = await Promise.all([openIn(folder.path), openIn(folder.path)])
    const again = await openIn(folder.path)
    expect(again.open(first.seal("secret", FOR), FOR)).toBe("secret")
    expect(again.open(same.seal("secret", FOR), FOR)).toBe("secret")
    expect((await stat(path.join(folder.path, "secret.key"))).mode & 0o777).toBe(0o600)
  })

  it("comes from SIGNALBOX_SECRET when that is set, and no file is made", async () => {
    await using folder = await temporaryFolder()
    const secret = "correct horse battery staple"
    const first = await openVault({ secret, dataDir: folder.path })
    const again = await openVault({ secret, dataDir: "/nowhere" })
    expect(again.open(first.seal("secret", FOR), FOR)).toBe("secret")
    await expect(readFile(path.join(folder.path, "secret.key"))).rejects.toThrow("ENOENT")
  })

  it("is not taken from a damaged file", async () => {
    await using folder = await temporaryFolder()
    await writeFile(path.join(folder.path, "secret.key"), "AAAA")
    await expect(openIn(folder.path)).rejects.toThrow(/secret.key is damaged/)
  })

  it("gives other purposes keys of their own", () => {
    expect(vault.derive("session cookies")).not.toBe(vault.derive("something else"))
    expect(vault.derive("session cookies")).not.toBe(Buffer.alloc(32, 1).toString("base64"))
  })
})

function openIn(dataDir: string) {
  return openVault({ secret: undefined, dataDir })
}

async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const folder = await mkdtemp(path.join(tmpdir(), "signalbox-key-"))
  return { path: folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}
