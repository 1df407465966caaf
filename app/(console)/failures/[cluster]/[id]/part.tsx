import { bytes } from "#app/ui/format.ts"
import type { PartView } from "#server/failures/index.ts"

const NAMES = { null: "null", empty: "empty", binary: "no text", json: "JSON", text: "text" }

/** A key, a value or a header for what it is: null, empty, text, JSON or bytes. */
export function Part(props: { part: PartView; inline?: boolean; label?: string }) {
  const { part } = props
  if (part.kind === "null" || part.kind === "empty") return <span className="quiet">{NAMES[part.kind]}</span>
  if (props.inline)
    return (
      <span className="mono wrap" title={`${NAMES[part.kind]}, ${bytes(part.bytes)}`}>
        {part.text.length > 400 ? `${part.text.slice(0, 400)}…` : part.text}
      </span>
    )
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by key */}
      <section className="block" aria-label={props.label} tabIndex={0}>
        <pre className="mono">{part.text}</pre>
      </section>
      <p className="quiet">
        {NAMES[part.kind]}, {bytes(part.bytes)}
        {part.cut && "; only the beginning is shown"}
      </p>
    </>
  )
}
