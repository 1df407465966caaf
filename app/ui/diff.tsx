import { type DiffLine, diffLines } from "./diff.ts"

const SIGNS = { same: " ", removed: "−", added: "+" }
const WORDS = { same: "", removed: "removed: ", added: "added: " }
/** Lines that stay are shown this far around those that change. */
const AROUND = 3

/** What changes between two texts, line by line. */
export function Diff(props: { before: string; after: string; label: string }) {
  const lines = diffLines(props.before, props.after)
  const near = lines.map((_, i) => lines.slice(Math.max(0, i - AROUND), i + AROUND + 1).some(isChange))
  const shown = lines.flatMap((line, i) => (near[i] ? [{ ...line, at: i }] : []))
  if (shown.length === 0) return <p className="quiet">Nothing is changed.</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by key
    <section className="block" aria-label={props.label} tabIndex={0}>
      <pre className="mono diff">
        {shown.map((line, i) => (
          <Line key={line.at} line={line} gap={i > 0 && shown[i - 1]?.at !== line.at - 1} />
        ))}
      </pre>
    </section>
  )
}

function Line({ line, gap }: { line: DiffLine; gap: boolean }) {
  return (
    <>
      {gap && <span className="quiet">⋯{"\n"}</span>}
      <span className={line.kind}>
        <span aria-hidden="true">{SIGNS[line.kind]} </span>
        <span className="unseen">{WORDS[line.kind]}</span>
        {line.text}
        {"\n"}
      </span>
    </>
  )
}

function isChange(line: DiffLine): boolean {
  return line.kind !== "same"
}
