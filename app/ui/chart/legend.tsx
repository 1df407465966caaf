"use client"

import { formatFor, type Line, type Unit } from "./prepare.ts"
import { statsOf, toggled } from "./stats.ts"

interface Props {
  title: string
  unit: Unit
  lines: readonly Line[]
  hidden: ReadonlySet<string>
  setHidden: (hidden: ReadonlySet<string>) => void
}

const NUMBERS = ["last", "min", "max", "avg"] as const

/** Every line with its last, least, highest and mean value. A press hides it, with shift all others. */
export function Legend({ title, unit, lines, hidden, setHidden }: Props) {
  const format = formatFor(unit)
  const all = lines.map(({ name }) => name)
  return (
    <table className="legend" aria-label={`Legend of ${title}`}>
      <thead>
        <tr>
          <th>
            <span className="unseen">Line</span>
          </th>
          {NUMBERS.map((number) => (
            <th key={number} className="num">
              {number}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => {
          const stats = statsOf(line.values)
          return (
            <tr key={line.name}>
              <td>
                <button
                  type="button"
                  aria-pressed={!hidden.has(line.name)}
                  title="Click hides or shows it, shift-click shows only it"
                  onClick={(event) => setHidden(toggled(hidden, line.name, { all, only: event.shiftKey }))}
                >
                  <svg className="chart-key-line" viewBox="0 0 12 3" aria-hidden="true">
                    <path
                      d="M0 1.5H12"
                      stroke={line.tone}
                      strokeDasharray={line.dashed ? "3 2" : undefined}
                    />
                  </svg>
                  {line.name}
                </button>
              </td>
              {NUMBERS.map((number) => (
                <td key={number} className="num">
                  {format(stats[number])}
                </td>
              ))}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
