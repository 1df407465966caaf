"use client"

import dynamic from "next/dynamic"
import { useId, useState } from "react"
import { moment } from "../format.ts"
import { Empty, Loading } from "../states.tsx"
import { formatFor, isEmpty, type Line, type Mark, prepareChart, type Unit } from "./prepare.ts"

const Canvas = dynamic(() => import("./canvas.tsx"), { ssr: false, loading: Loading })

interface Props {
  title: string
  unit: Unit
  at: number[]
  lines: Line[]
  /** What happened in between, shown where it happened. */
  marks?: Mark[]
  onZoom: (range: { from: number; to: number } | null) => void
  /** Why nothing is drawn, where it is not for want of samples. */
  none?: string
}

/** A chart over time, with the same numbers as a table for who cannot see it. Drag zooms, double-click goes back. */
export function Chart(props: Props) {
  const [asTable, setAsTable] = useState(false)
  const id = useId()
  const model = prepareChart(props)
  return (
    <figure style={{ margin: 0 }} aria-labelledby={id}>
      <figcaption className="row" id={id}>
        <strong className="grow">{props.title}</strong>
        <button type="button" className="field" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? "Chart" : "Table"}
        </button>
      </figcaption>
      {isEmpty(model) ? (
        <Empty>{props.none ?? "There are no samples in this range."}</Empty>
      ) : asTable ? (
        <>
          <ChartTable {...props} />
          <MarkList marks={model.marks} />
        </>
      ) : (
        <Canvas model={model} onZoom={props.onZoom} />
      )}
    </figure>
  )
}

function ChartTable(props: Props) {
  const format = formatFor(props.unit)
  return (
    <div className="scroll" style={{ maxHeight: "20rem", overflowY: "auto" }}>
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
          {props.at.map((at, i) => (
            <tr key={at}>
              <td>{moment(at)}</td>
              {props.lines.map((line) => (
                <td key={line.name} className="num">
                  {format(line.values[i] ?? null)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function MarkList(props: { marks: Mark[] }) {
  if (props.marks.length === 0) return null
  return (
    <ul aria-label="What happened meanwhile">
      {props.marks.map((mark) => (
        <li key={`${mark.at} ${mark.label}`}>
          {moment(mark.at)}: {mark.label}
        </li>
      ))}
    </ul>
  )
}
