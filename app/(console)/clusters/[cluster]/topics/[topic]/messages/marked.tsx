import { matchesIn, type Sought } from "./matching.ts"

/** Matches further right are brought into sight, with this much before them. */
const IN_SIGHT = 60
const BEFORE = 24
const MAX_MARKS = 20

/** One line of a text with what was looked for marked in it. */
export function Marked({ text, sought }: { text: string; sought: Sought }) {
  const places = matchesIn(text, sought).slice(0, MAX_MARKS)
  const [first] = places
  if (first === undefined) return text
  const start = first[0] > IN_SIGHT ? first[0] - BEFORE : 0
  return (
    <>
      {start > 0 && <span className="quiet">…</span>}
      {places.map(([from, to], i) => (
        <span key={from}>
          {text.slice(i === 0 ? start : places[i - 1]?.[1], from)}
          <mark>{text.slice(from, to)}</mark>
        </span>
      ))}
      {text.slice(places.at(-1)?.[1])}
    </>
  )
}
