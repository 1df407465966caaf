import { afterAll, describe, expect, it } from "vitest"
import type { FitJob, ShowJob } from "#server/messages/decode/job.ts"
import { Workers } from "#server/messages/decode/workers.ts"
import { noMask } from "#server/messages/masking/mask.ts"

const workers = new Workers({ workers: 1, jobMs: 1500, callMs: 90_000 })
afterAll(() => workers[Symbol.dispose]())

function show(value: string | Buffer): ShowJob {
  const bytes = Buffer.from(value)
  return {
    kind: "show",
    bytes,
    format: "auto",
    found: null,
    part: "value",
    mask: noMask.order,
    line: null,
    withheld: 0,
  }
}

/** A check of a JSON Schema whose pattern takes for ever. */
function hangs(): FitJob {
  const text = JSON.stringify({ properties: { name: { pattern: "^(a+)+$" } } })
  return {
    kind: "fit",
    schema: { id: "1", type: "JSON", text, references: [] },
    value: `{"name":"${"a".repeat(60)}!"}`,
  }
}

/** A check that needs more memory than a worker has: every item that is there more than once is reported. */
function grows(): FitJob {
  const text = JSON.stringify({ items: { allOf: Array.from({ length: 2000 }, () => ({ type: "string" })) } })
  const value = JSON.stringify(Array.from({ length: 2000 }, () => 1))
  return { kind: "fit", schema: { id: "2", type: "JSON", text, references: [] }, value }
}

describe("processes that read what others wrote", () => {
  it("answer in order, many in one call", async () => {
    const outcomes = await workers.run(Array.from({ length: 100 }, (_, i) => show(`{"i":${i}}`)))
    expect(outcomes.map((one) => one.result?.text)).toEqual(
      Array.from({ length: 100 }, (_, i) => `{\n  "i": ${i}\n}`),
    )
  })

  it("are ended when one message takes too long, and only that message fails", async () => {
    const outcomes = await workers.run([show("a"), hangs(), show("b")])
    expect(outcomes.map((one) => one.result !== null)).toEqual([true, false, true])
    expect(outcomes[1]).toMatchObject({ limit: "time", why: "reading it takes too long" })
    expect(await workers.run([show("d")])).toMatchObject([{ result: { text: "d" } }])
  }, 120_000)

  it("die of too much memory, and only the message that did it fails", async () => {
    const patient = new Workers({ workers: 1, memoryMb: 48, jobMs: 60_000, callMs: 90_000 })
    const outcomes = await patient.run([show("a"), grows(), show("b")])
    patient[Symbol.dispose]()
    expect(outcomes.map((one) => one.result !== null)).toEqual([true, false, true])
    expect(outcomes[1]).toMatchObject({ limit: "memory", why: "reading it takes too much memory" })
  }, 120_000)

  it("that have no time left for a call say so for what is left of it", async () => {
    const short = new Workers({ workers: 1, jobMs: 1500, callMs: 1000 })
    const outcomes = await short.run([hangs(), show("a")])
    short[Symbol.dispose]()
    expect(outcomes.map((one) => (one.result ? "" : one.why))).toContain("there was no time left for it")
  }, 120_000)
})
