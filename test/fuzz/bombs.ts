import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { CBOR_SEEDS, JSON_SEEDS, MSGPACK_SEEDS, TEXT_SEEDS, XML_SEEDS } from "./seeds.ts"

const hex = (text: string) => Buffer.from(text, "hex")
const text = (value: string) => Buffer.from(value)

/** Messages that took other tools down, or this one, at their full size. */
const BOMBS = [
  hex("dd000f4240".repeat(4000)),
  hex("df000f4240a0".repeat(4000)),
  hex("c6ffffffff"),
  hex("9affffffff".repeat(4000)),
  hex("9bffffffffffffffff".repeat(2000)),
  hex("5bffffffffffffffff00"),
  hex("bf".repeat(100_000)),
  hex("91".repeat(20_000)),
  text(`${"[".repeat(3000)}${"]".repeat(3000)}`),
  text(`${"[".repeat(190)}${Array(28_000).fill(0).join(",")}${"]".repeat(190)}`),
  text('{"a":'.repeat(100_000)),
  text(`{${Array.from({ length: 60_000 }, (_, i) => `"k${i}":${i}`).join(",")}}`),
  text(`"${"\\u0034".repeat(100_000)}"`),
  text(`[${"1e400,".repeat(100_000)}1]`),
  text(`${"<a>".repeat(20_000)}${"</a>".repeat(20_000)}`),
  text(`<a ${Array.from({ length: 30_000 }, (_, i) => `a${i}="1"`).join(" ")}/>`),
  text(`<!DOCTYPE a [${entities(12)}]><a>&e12;</a>`),
  text(`<a>${"&#52;".repeat(100_000)}</a>`),
  Buffer.alloc(900_000, "x"),
  Buffer.alloc(900_000, "\u001b"),
]

/** Each of ten of the one before. */
function entities(levels: number): string {
  const nested = Array.from({ length: levels }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`)
  return `<!ENTITY e0 "lol">${nested.join("")}`
}

export const CORPUS = [...BOMBS, ...[JSON_SEEDS, MSGPACK_SEEDS, CBOR_SEEDS, XML_SEEDS, TEXT_SEEDS].flat()]

const AVRO = "AVRO"
const PROTOBUF = "PROTOBUF"
/** A long in Avro's and Protobuf's variable length: 2^31 - 1. */
const LARGE = "ffffffff07"
const record = (fields: object[]) => JSON.stringify({ type: "record", name: "R", fields })

/** Schemas, and messages that go with them. */
const SCHEMAS: readonly { type: string; schema: string; payloads: Buffer[] }[] = [
  {
    type: AVRO,
    schema: '{"type":"array","items":"null"}',
    payloads: [hex("80c2d72f00"), hex("ffffffffffffffffff01")],
  },
  {
    type: AVRO,
    schema: '{"type":"array","items":{"type":"fixed","name":"F","size":0}}',
    payloads: [hex("80c2d72f00")],
  },
  { type: AVRO, schema: '{"type":"fixed","name":"F","size":2147483647}', payloads: [hex("00")] },
  {
    type: AVRO,
    schema: '{"type":"map","values":"bytes"}',
    payloads: [hex(`02${LARGE}`), hex(`0202 61 ${LARGE}`.replaceAll(" ", ""))],
  },
  {
    type: AVRO,
    schema: record([{ name: "r", type: ["null", "R"] }]),
    payloads: [hex(`${"02".repeat(200_000)}00`)],
  },
  { type: AVRO, schema: record([{ name: "r", type: "R" }]), payloads: [hex("00")] },
  {
    type: AVRO,
    schema: `${'{"type":"array","items":'.repeat(5000)}"int"${"}".repeat(5000)}`,
    payloads: [hex("02".repeat(5000))],
  },
  {
    type: AVRO,
    schema: record(Array.from({ length: 5000 }, (_, i) => ({ name: `f${i}`, type: "null" }))),
    payloads: [hex("00")],
  },
  {
    type: AVRO,
    schema: '{"type":"bytes","logicalType":"decimal","precision":9,"scale":2000000000}',
    payloads: [hex("0201")],
  },
  { type: PROTOBUF, schema: nestedMessage(), payloads: [nested(3000), hex(`0a${LARGE}`)] },
  {
    type: PROTOBUF,
    schema: `syntax = "proto3"; message O { ${Array.from({ length: 5000 }, (_, i) => `string f${i} = ${i + 1};`).join("\n")} }`,
    payloads: [hex("00")],
  },
  {
    type: PROTOBUF,
    schema: 'syntax = "proto3"; message O { repeated int32 n = 1; map<string, int32> m = 2; }',
    payloads: [
      Buffer.concat([hex("000aa08d06"), Buffer.alloc(100_000)]),
      hex(`00${"12020a00".repeat(50_000)}`),
    ],
  },
  {
    type: PROTOBUF,
    schema: `message O { ${"message N { ".repeat(2000)}${"}".repeat(2000)} }`,
    payloads: [hex("00")],
  },
]

function nestedMessage(): string {
  return 'syntax = "proto3"; message O { O inner = 1; }'
}

/** A message within a message, so many times. */
function nested(depth: number): Buffer {
  let body: Buffer = Buffer.alloc(0)
  for (let i = 0; i < depth; i++) body = Buffer.concat([hex("0a"), varint(body.length), body])
  return Buffer.concat([hex("00"), body])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let left = value; ; left >>>= 7) {
    if (left < 128) return Buffer.from([...bytes, left])
    bytes.push((left & 127) | 128)
  }
}

/** Messages that name a schema, by its id in their first bytes. */
export const WITH_SCHEMA: readonly Buffer[] = SCHEMAS.flatMap(({ payloads }, id) =>
  payloads.map((payload) => Buffer.concat([hex("00"), hex((id + 1).toString(16).padStart(8, "0")), payload])),
)

/** A registry in the hands of an attacker, who can register what a real one would refuse. Answers its address. */
export async function serveSchemas(): Promise<{ url: string } & AsyncDisposable> {
  const server: Server = createServer((request, response) => {
    const id = Number(/^\/schemas\/ids\/(\d+)/.exec(request.url ?? "")?.[1])
    const known = SCHEMAS[id - 1]
    response.writeHead(known ? 200 : 404, { "content-type": "application/json" })
    response.end(
      JSON.stringify(known ? { schema: known.schema, schemaType: known.type } : { error_code: 40403 }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
