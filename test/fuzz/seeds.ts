/** Valid messages, and messages made to hurt, that fuzz tests begin with. */

const hex = (text: string) => Buffer.from(text, "hex")
const text = (value: string) => Buffer.from(value)
const json = (value: unknown) => text(JSON.stringify(value))

export const JSON_SEEDS = [
  json({ id: 7, card: "4111111111111111", items: [{ sku: "a-1", price: 12.5 }], note: null, ok: true }),
  json({ größe: "schön \u2028 😀", escaped: 'a"b\\c\n', nested: { deep: [[[[1]]]] } }),
  text('{"a":1,"a":2,"price":12.50,"x":1e400,"n":9223372036854775807,"__proto__":{"b":-0.0}}'),
  text(`${"[".repeat(250)}1${"]".repeat(250)}`),
  text('[1,2,3,"\\u0034\\ud83d\\ude00"]'),
  text('"text"'),
]

export const MSGPACK_SEEDS = [
  hex("83a26964cd04d2a4636172647b0000a56974656d7393c0c2c3"),
  hex("82a461c7050001020304a162ca3fc00000"),
  hex("dd000f4240".repeat(20)),
  hex("91".repeat(260)),
  hex("de000281a16101d9056c6162656cc403010203"),
  hex("d6ff5f5e1000d7ff0000000064000000c70cff0000000100000000640000009000"),
]

export const CBOR_SEEDS = [
  hex("a26269641904d26563617264781034313131313131313131313131313131"),
  hex("9f018202039f0405ffff"),
  hex("bf61610161629f0203ffff"),
  hex("c11a514b67b0c249010000000000000000d818456449455446"),
  hex("9affffffff".repeat(20)),
  hex("9f".repeat(260)),
  hex("fb3ff199999999999af97e00f4f5f6f7f8ff"),
]

export const XML_SEEDS = [
  text(
    '<?xml version="1.0"?><order id="7"><card>&#52;111111111111111</card><!-- c --><a x="1">b</a></order>',
  ),
  text("<a><b/><b>2</b><![CDATA[<x>]]></a>"),
  text('<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;">]><a>&z;</a>'),
  text(`${"<a>".repeat(220)}${"</a>".repeat(220)}`),
  Buffer.from('\ufeff<?xml version="1.0" encoding="utf-16"?><a>1</a>', "utf16le"),
]

export const TEXT_SEEDS = [
  text("plain text, ümlaut, 😀"),
  hex("fffe410042004300"),
  hex("c3280a00ff"),
  hex("00000003"),
  hex("00000000000004d2"),
  hex("11223344556677880099aabbccddeeff"),
]

export const BINARY_SEEDS = [...MSGPACK_SEEDS, ...CBOR_SEEDS, ...TEXT_SEEDS]
