import type { ShownHeader } from "#server/messages/index.ts"

/** A value, how it was read where that is not as text, and what else it may be. */
export function HeaderText({ header }: { header: ShownHeader }) {
  if (header.text === null) return <span className="quiet">no value</span>
  const facts = [header.kind === "text" ? null : header.kind, ...header.also].filter((one) => one !== null)
  return (
    <>
      {header.text}
      {header.cut && " …"}
      {facts.length > 0 && <span className="quiet"> ({facts.join("; ")})</span>}
    </>
  )
}
