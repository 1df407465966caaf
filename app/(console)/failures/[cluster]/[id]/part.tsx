import { NAMES } from "#app/(console)/clusters/[cluster]/topics/[topic]/messages/part.tsx"
import { bytes } from "#app/ui/format.ts"
import type { ShownPart } from "#server/messages/index.ts"

const MAX_INLINE = 400

/** A key or a value for what it is: null, empty, or as it was decoded. */
export function Part(props: { part: ShownPart; inline?: boolean; label?: string }) {
  const { part } = props
  if (part.kind !== "data") return <span className="quiet">{part.kind}</span>
  const facts = [
    NAMES[part.format],
    part.schema && `schema ${part.schema.id}`,
    bytes(part.bytes),
    part.masked && "masked",
  ]
    .filter(Boolean)
    .join(", ")
  if (props.inline)
    return (
      <span className="mono wrap" title={part.note ? `${facts}. ${part.note}` : facts}>
        {part.text.length > MAX_INLINE ? `${part.text.slice(0, MAX_INLINE)}…` : part.text}
      </span>
    )
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by key */}
      <section className="block" aria-label={props.label} tabIndex={0}>
        <pre className="mono">{part.text}</pre>
      </section>
      <p className="quiet">
        {facts}
        {part.cut && "; only the beginning is shown"}
        {part.note && <span className="warn"> {part.note}</span>}
      </p>
    </>
  )
}
