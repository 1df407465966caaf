"use client"

import { bytes } from "#app/ui/format.ts"
import type { MessageDetail, ShownMessage, ShownPart } from "#server/messages/index.ts"
import { Marked } from "./marked.tsx"
import type { Sought } from "./matching.ts"

/** One key or value in a list, in one line, for what it is. */
export function PartLine(props: { part: ShownPart; empty: string; sought: Sought }) {
  const { part, empty, sought } = props
  if (part.kind === "null") return <span className="quiet nowrap">{empty}</span>
  if (part.kind === "empty") return <span className="quiet">empty</span>
  return (
    <span className="mono message-line" title={part.note ?? undefined}>
      <Marked
        text={part.format === "hex" ? part.text.replace(/^[0-9a-f]{8} {1,2}/, "") : part.text}
        sought={sought}
      />
      {part.cut && <span className="quiet"> … {bytes(part.bytes)}</span>}
    </span>
  )
}

const WITHHELD: Record<NonNullable<ShownMessage["withheld"]>, { word: string; why: string }> = {
  aborted: {
    word: "aborted",
    why: "Sent in a transaction that was aborted: consumers with read_committed never get it.",
  },
  pending: {
    word: "pending",
    why: "Behind the begin of a transaction that is still open: consumers with read_committed do not get it yet.",
  },
}

/** The mark of a message that not every consumer gets; with `explain`, why. */
export function Withheld(props: { by: ShownMessage["withheld"]; explain?: boolean }) {
  if (!props.by) return null
  const { word, why } = WITHHELD[props.by]
  if (props.explain) return <p className="warn">{why}</p>
  return (
    <span className="tag warn" title={why}>
      {word}
    </span>
  )
}

/** What a key or value is, in words. */
export function PartFacts({ part, fit }: { part: ShownPart; fit: MessageDetail["fit"]["value"] }) {
  if (part.kind !== "data") return null
  const fits = fit?.fits === true ? ", which it fits" : fit?.fits === false ? ", which it does not fit" : ""
  const schema = part.schema ? `schema ${part.schema.id}${fits}` : null
  const facts = [NAMES[part.format], schema, bytes(part.bytes), part.masked ? "masked" : null]
  return (
    <p className="quiet help slim">
      {facts.filter(Boolean).join(" · ")}
      {part.note && <span className="warn"> {part.note}</span>}
      {fit?.why && <span className="warn"> {fit.why}</span>}
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
