import { describe, expect, it } from "vitest"
import { kafkaDeadLetters } from "#server/brokers/kafka/dead-letters.ts"
import { toLetter } from "#server/failures/indexing/letter.ts"
import { replayOrder } from "#server/failures/replay/model.ts"
import { toOutgoing } from "#server/failures/replay/outgoing.ts"
import { holdsDeadLetters, readFacts } from "#server/failures/rules.ts"
import { deadMessage } from "./message.ts"
import { OTHERS, SAMPLES, type Sample } from "./samples.ts"

const { dialects } = kafkaDeadLetters
const by = { rules: [], dialects }

/** As its framework writes it, with what the message had before on both sides. */
function written({ headers, key = Buffer.from("c-1") }: Sample) {
  return deadMessage([OTHERS, ...headers, ["tenant", "eu"]], { offset: 5n, key })
}

describe.each(SAMPLES)("a dead letter of $dialect on $lies", (sample) => {
  const { lies, facts } = sample

  it("is found by the name of its topic, or by a rule", () => {
    expect(holdsDeadLetters(lies, by)).toBe(sample.named)
    const rules = [{ pattern: lies, holds: true, mapping: null }]
    expect(holdsDeadLetters(lies, { rules, dialects })).toBe(true)
  })

  it("is read byte for byte, and by no other dialect", () => {
    expect(readFacts(lies, written(sample), by)).toEqual({ dialect: sample.dialect, facts })
  })

  it("is of one cause with the next of its kind, and not with one of another topic", () => {
    const letter = toLetter(lies, written(sample), { ...by, now: 0 })
    const next = toLetter(lies, { ...written(sample), offset: 6n }, { ...by, now: 0 })
    const elsewhere = toLetter(`${lies}.other`, deadMessage([]), { ...by, now: 0 })
    expect(next.fingerprint).toBe(letter.fingerprint)
    expect(elsewhere.fingerprint).not.toBe(letter.fingerprint)
    expect(letter).toMatchObject({
      at: 1_700_000_000_000,
      original: { destination: facts.original?.destination, partition: facts.original?.partition },
    })
  })

  it("goes back to where it came from with the headers it had there", () => {
    const outgoing = { ...by, job: "j", order: replayOrder.parse({}) }
    const sent = toOutgoing({ destination: lies, partition: 0, offset: 5n }, written(sample), outgoing)
    expect(sent).toMatchObject({
      destination: facts.original?.destination,
      partition: facts.original?.partition ?? null,
      key: Buffer.from("c-1"),
      value: Buffer.from("{}"),
    })
    const kept = sent.headers.map((header) => header.key)
    expect(kept).toEqual([OTHERS[0], "tenant", "signalbox-replay"])
  })
})

it("every dialect has a sample, and one name and id of its own", () => {
  const sampled = new Set(SAMPLES.map((one) => one.dialect))
  expect(dialects.map((one) => one.id).filter((id) => !sampled.has(id))).toEqual([])
  expect(new Set(dialects.map((one) => one.id)).size).toBe(dialects.length)
  expect(new Set(dialects.map((one) => one.name)).size).toBe(dialects.length)
})

it.each([
  "orders",
  "error.log",
  "orders.retried",
  "poisoning",
  "dead-lettering",
  "retry.orders",
  "x_retry_later",
])("%s is no name of dead letters", (name) => expect(holdsDeadLetters(name, by)).toBe(false))

it("numbers that are none, or too large, are unknown", () => {
  const odd = (offset: string) =>
    readFacts(
      "dead_messages",
      deadMessage([
        ["source_topic", "orders"],
        ["source_partition", "-1"],
        ["source_offset", offset],
      ]),
      by,
    ).facts.original
  expect(odd("9223372036854775807")).toMatchObject({ partition: null, offset: 9_223_372_036_854_775_807n })
  for (const offset of ["", "4x", "-3", "1".repeat(30)]) expect(odd(offset)?.offset ?? null).toBeNull()
})
