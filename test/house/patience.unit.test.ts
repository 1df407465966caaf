import { glob, readFile } from "node:fs/promises"
import { expect, it } from "vitest"

/** What a busy machine is given, ms; a limit is only to end what hangs. */
const LEAST_MS = 60_000
const LIMITS = /(?:AbortSignal\.timeout\(|\btimeout: )(\d[\d_]*)(?![\d_]| \*)/g

/** Where a short limit is what the test is about. */
const MEANT: Readonly<Record<string, string>> = {
  "test/brokers/kafka-security.fault.test.ts": "a probe is stopped at a server that never answers",
}

it("no test gives up on a busy machine: limits of waits are a minute or longer", async () => {
  const short: string[] = []
  for await (const file of glob("test/**/*.ts")) {
    if (file in MEANT) continue
    for (const [limit, ms = ""] of (await readFile(file, "utf8")).matchAll(LIMITS))
      if (Number(ms.replaceAll("_", "")) < LEAST_MS) short.push(`${file}: ${limit}`)
  }
  expect(short).toEqual([])
})
