import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { readSecretFiles } from "#server/secret-files.ts"

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "signalbox-secrets-"))
})
afterAll(() => rm(folder, { recursive: true }))

async function fileWith(content: string): Promise<string> {
  const file = path.join(folder, String(content.length))
  await writeFile(file, content)
  return file
}

describe("a secret that is given as a file", () => {
  it("is read without the line break at its end, and with every other", async () => {
    const env: Record<string, string | undefined> = {
      DATABASE_URL_FILE: await fileWith("postgresql://ada@db/signalbox\n"),
      SIGNALBOX_SECRET_FILE: await fileWith(" two\nlines \r\n"),
    }
    readSecretFiles(env)
    expect(env.DATABASE_URL).toBe("postgresql://ada@db/signalbox")
    expect(env.SIGNALBOX_SECRET).toBe(" two\nlines ")
  })

  it("does not replace one that is set", async () => {
    const env = { SIGNALBOX_SECRET: "from the environment", SIGNALBOX_SECRET_FILE: await fileWith("other") }
    readSecretFiles(env)
    expect(env.SIGNALBOX_SECRET).toBe("from the environment")
  })

  it("is refused by the variable's name when it cannot be read", () => {
    const env = { SIGNALBOX_SECRET_FILE: path.join(folder, "absent") }
    expect(() => readSecretFiles(env)).toThrow(/^SIGNALBOX_SECRET_FILE cannot be read: .*absent/)
  })

  it("leaves the variables of others alone", async () => {
    const env: Record<string, string | undefined> = {
      SSL_CERT_FILE: "/absent",
      OTHER_FILE: "/absent",
      SIGNALBOX_SECRET_FILE: "",
    }
    readSecretFiles(env)
    expect(Object.keys(env)).toEqual(["SSL_CERT_FILE", "OTHER_FILE", "SIGNALBOX_SECRET_FILE"])
  })
})
