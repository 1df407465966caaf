import { readFileSync } from "node:fs"
import path from "node:path"
import { gunzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { avroDecoder } from "#server/messages/decode/formats/avro.ts"
import { protobufDecoder } from "#server/messages/decode/formats/protobuf.ts"
import { parseTree, printTree } from "#server/messages/json.ts"
import { NumberText, ObjectTree, type Tree } from "#server/messages/tree.ts"

interface Line {
  kind: "avro" | "protobuf"
  schema: string
  index: number[]
  /** Payloads as base64, and what they say. */
  cases: { payload: Buffer; shown: string }[]
}

/** What the reference implementations made of 1,000 schemas: see corpus/generate.py. */
const LINES = gunzipSync(readFileSync(path.join(import.meta.dirname, "../corpus/corpus.jsonl.gz")))
  .toString("utf8")
  .trim()
  .split("\n")
  .map(lineOf)

/** Its JSON is read without losing digits. */
function lineOf(text: string): Line {
  const { kind, schema, index = [], cases } = JSON.parse(text)
  const tree = parseTree(text)
  const shown = tree instanceof ObjectTree ? tree.get("cases") : null
  return {
    kind,
    schema,
    index,
    cases: cases.map(([payload]: [string], at: number) => {
      const one = Array.isArray(shown) ? shown[at] : null
      return {
        payload: Buffer.from(payload, "base64"),
        shown: same(Array.isArray(one) ? (one[1] ?? null) : null),
      }
    }),
  }
}

/** One text for one meaning: fields by name, numbers by value. */
function same(tree: Tree): string {
  return printTree(sorted(tree), 0)
}

function sorted(tree: Tree): Tree {
  if (Array.isArray(tree)) return tree.map(sorted)
  if (tree instanceof ObjectTree)
    return new ObjectTree(
      tree.entries
        .map(([name, value]): [string, Tree] => [name, sorted(value)])
        .sort(([one], [other]) => (one < other ? -1 : 1)),
    )
  if (tree instanceof NumberText && /[.e]/i.test(tree.text)) {
    const value = Number(tree.text)
    return Object.is(value, -0) ? new NumberText("-0") : value
  }
  return tree
}

function zigzag(values: readonly number[]): Buffer {
  return Buffer.from([values.length * 2, ...values.map((value) => value * 2)])
}

function decoded({ kind, schema, index }: Line, payload: Buffer): Tree {
  const given = { id: "1", text: schema, references: [] }
  if (kind === "avro") return avroDecoder({ ...given, type: "AVRO" })(payload).tree ?? null
  const decode = protobufDecoder({ ...given, type: "PROTOBUF" })
  return decode(payload, { by: "confluent", indexes: zigzag(index) }).tree ?? null
}

describe("what the reference implementations wrote and read", () => {
  it.each(["avro", "protobuf"] as const)(
    "is read alike from 500 schemas of %s",
    { timeout: 120_000 },
    (kind) => {
      const lines = LINES.filter((line) => line.kind === kind)
      expect(lines).toHaveLength(500)
      const wrong = lines.flatMap((line) =>
        line.cases.flatMap(({ payload, shown }) => {
          const found = attempt(() => same(decoded(line, payload)))
          return found === shown
            ? []
            : [{ schema: line.schema, payload: payload.toString("hex"), found, shown }]
        }),
      )
      expect(wrong.slice(0, 3)).toEqual([])
    },
  )
})

function attempt(work: () => string): string {
  try {
    return work()
  } catch (error) {
    return String(error)
  }
}
