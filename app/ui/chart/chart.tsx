"use client"

import dynamic from "next/dynamic"
import Link from "next/link"
import { useId, useState } from "react"
import { duration, moment } from "../format.ts"
import { Empty, Loading } from "../states.tsx"
import { type Band, type ChartInput, formatFor, isEmpty, type Mark, prepareChart } from "./prepare.ts"

const Canvas = dynamic(() => import("./canvas.tsx"), { ssr: false, loading: Loading })

interface Props extends ChartInput {
  title: string
  /** ms of one bucket, and between the samples it was read from. */
  stepMs?: number
  resolutionMs?: number
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
    <figure aria-labelledby={id}>
      <figcaption className="row" id={id}>
        <strong className="grow">{props.title}</strong>
        <button type="button" className="field" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? "Chart" : "Table"}
        </button>
      </figcaption>
      {isEmpty(model) ? (
        <Empty>{props.none ?? "No data in this time range."}</Empty>
      ) : asTable ? (
        <>
          <ChartTable {...props} />
          <MarkList marks={model.marks} bands={model.bands} />
        </>
      ) : (
        <Canvas model={model} onZoom={props.onZoom} />
      )}
      <Facts {...props} isShaded={model.begins !== null} />
    </figure>
  )
}

/** How fine the chart is, and where its history begins. */
function Facts(props: Props & { isShaded: boolean }) {
  const { stepMs, resolutionMs, begins, at } = props
  const last = at.at(-1)
  return (
    <>
      {stepMs !== undefined && resolutionMs !== undefined && at.length > 0 && (
        <p className="quiet note">
          {`One point per ${duration(stepMs)}`}
          {stepMs !== resolutionMs && `, from one sample per ${duration(resolutionMs)}`}
        </p>
      )}
      {props.isShaded && typeof begins === "number" && (
        <p className="quiet note">
          History begins at {moment(begins)}.{" "}
          {last !== undefined && last > begins && (
            <button type="button" className="link" onClick={() => props.onZoom({ from: begins, to: last })}>
              Zoom to data
            </button>
          )}
        </p>
      )}
    </>
  )
}

/** The newest first; moments of which nothing is known are left out. */
function ChartTable(props: Props) {
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

function MarkList(props: { marks: Mark[]; bands: readonly Band[] }) {
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
