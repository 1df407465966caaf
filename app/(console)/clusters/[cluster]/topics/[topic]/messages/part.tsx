"use client"

import type { ShownPart } from "#server/messages/shown.ts"
import { bytes } from "../../../../../../ui/format.ts"

/** One key or value in a list, in one line, for what it is. */
export function PartLine(props: { part: ShownPart; empty: string }) {
  const { part, empty } = props
  if (part.kind === "null") return <span className="quiet">{empty}</span>
  if (part.kind === "empty") return <span className="quiet">empty</span>
  return (
    <span className="mono message-line" title={part.note ?? undefined}>
      {part.format === "hex" ? part.text.replace(/^[0-9a-f]{8} {1,2}/, "") : part.text}
      {part.cut && <span className="quiet"> … {bytes(part.bytes)}</span>}
    </span>
  )
}

/** What a key or value is, in words. */
export function PartFacts({ part }: { part: ShownPart }) {
  if (part.kind !== "data") return null
  const schema = part.schema ? `schema ${part.schema.id}` : null
  const facts = [NAMES[part.format], schema, bytes(part.bytes), part.masked ? "masked" : null]
  return (
    <p className="quiet help" style={{ margin: "0.25rem 0" }}>
      {facts.filter(Boolean).join(" · ")}
      {part.note && <span className="warn"> {part.note}</span>}
    </p>
  )
}

export const NAMES: Record<ShownPart["format"], string> = {
  auto: "automatic",
  json: "JSON",
  text: "text",
  avro: "Avro",
  protobuf: "Protobuf",
  "json-schema": "JSON Schema",
  msgpack: "MessagePack",
  cbor: "CBOR",
  xml: "XML",
  hex: "hex",
}
