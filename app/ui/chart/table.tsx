"use client"

import Link from "next/link"
import { moment } from "../format.ts"
import { type Band, type Example, formatFor, type Line, type Mark, type Unit } from "./prepare.ts"

interface Props {
  title: string
  unit: Unit
  at: readonly number[]
  lines: readonly Line[]
}

/** The numbers of a chart, the newest first; moments of which nothing is known are left out. */
export function ChartTable(props: Props) {
  const format = formatFor(props.unit)
  const known = props.at
    .map((at, i) => ({ at, values: props.lines.map((line) => line.values[i] ?? null) }))
    .filter(({ values }) => values.some((value) => value !== null))
    .reverse()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard, and nothing in it can be.
    <div className="scroll chart-table" tabIndex={0}>
      <table className="grid" aria-label={props.title}>
        <thead>
          <tr>
            <th>Time</th>
            {props.lines.map((line) => (
              <th key={line.name} className="num">
                {line.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {known.map(({ at, values }) => (
            <tr key={at}>
              <td>{moment(at)}</td>
              {props.lines.map((line, i) => (
                <td key={line.name} className="num">
                  {format(values[i] ?? null)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What the chart's flags and shaded times are, in words. */
export function MarkList(props: { marks: readonly Mark[]; bands: readonly Band[] }) {
  const named = props.bands.flatMap(({ label, href }) => (label === undefined ? [] : [{ label, href }]))
  if (props.marks.length + named.length === 0) return null
  return (
    <ul aria-label="What happened meanwhile">
      {props.marks.map((mark) => (
        <li key={`${mark.at} ${mark.label}`}>
          {moment(mark.at)}: {mark.label}
        </li>
      ))}
      {named.map(({ label, href }) => (
        <li key={label}>{href === undefined ? label : <Link href={href}>{label}</Link>}</li>
      ))}
    </ul>
  )
}

/** The cases that stand on the chart's lines, the latest first. */
export function ExampleList({ title, examples }: { title: string; examples: readonly Example[] }) {
  if (examples.length === 0) return null
  return (
    <details>
      <summary>Examples ({examples.length})</summary>
      <ul aria-label={`Examples: ${title}`}>
        {examples.toReversed().map(({ at, label, href }) => (
          <li key={`${at} ${href}`}>
            {moment(at)}: <Link href={href}>{label}</Link>
          </li>
        ))}
      </ul>
    </details>
  )
}
