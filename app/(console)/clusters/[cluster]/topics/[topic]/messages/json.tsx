"use client"

const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
/** Beyond this, colours cost more than they help. */
const COLOURED = 100_000

/** A value as text; JSON in colours that also differ in weight. */
export function Json({ text, plain }: { text: string; plain: boolean }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long value scrolls, and must do so by keyboard too.
    <pre className="code" tabIndex={0}>
      {plain || text.length > COLOURED ? text : coloured(text)}
    </pre>
  )
}

function coloured(text: string) {
  const pieces = []
  let from = 0
  for (const found of text.matchAll(TOKENS)) {
    const { index } = found
    const [whole, string, colon, word] = found
    pieces.push(text.slice(from, index))
    const kind = string ? (colon ? "name" : "string") : word ? "word" : "number"
    const shown = colon ? string : whole
    pieces.push(
      <span key={index} className={`json-${kind}`}>
        {shown}
      </span>,
    )
    from = index + (shown?.length ?? 0)
  }
  pieces.push(text.slice(from))
  return pieces
}
