"use client"

import { count, UNKNOWN } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import type { PlanLine } from "#server/offsets/index.ts"
import { FirstRecord } from "./first-record.tsx"

/** One partition: where it goes, what follows, what is to be said of it, and the record there when it is opened. */
export function Line(props: { line: PlanLine; cluster: string; open: boolean; toggle: () => void }) {
  const { line, open } = props
  const said = saidOf(line)
  return (
    <>
      <tr>
        <td data-label="Partition">
          <span className="wrap">
            {line.destination} / {line.partition}
          </span>
        </td>
        <td data-label="From" className="num">
          {line.from === null ? <span className="quiet">no commit</span> : count(line.from)}
        </td>
        <td data-label="To" className="num">
          <To line={line} />
        </td>
        <td data-label="Read again" className="num">
          {count(line.again)}
        </td>
        <td data-label="Skipped" className="num">
          {count(line.skipped)}
        </td>
        <td data-label="Message time">
          {line.time === null ? (
            <span className="quiet">{atEnd(line) ? "the end: what comes next" : UNKNOWN}</span>
          ) : (
            <Moment at={line.time} />
          )}
        </td>
        <td data-label="First message">
          {line.first === null ? (
            <span className="quiet">{atEnd(line) ? "none yet" : UNKNOWN}</span>
          ) : (
            <button type="button" className="link" aria-expanded={open} onClick={props.toggle}>
              {open ? "Close" : "Open"} {line.first === line.to ? "" : `(offset ${count(line.first)})`}
            </button>
          )}
        </td>
      </tr>
      {said.map((one) => (
        <tr key={one.text}>
          <td colSpan={7} className={one.tone}>
            <span>{one.text}</span>
          </td>
        </tr>
      ))}
      {open && line.first !== null && (
        <tr>
          <td colSpan={7}>
            <FirstRecord
              cluster={props.cluster}
              destination={line.destination}
              partition={line.partition}
              offset={line.first}
            />
          </td>
        </tr>
      )}
    </>
  )
}

function atEnd(line: PlanLine): boolean {
  return line.to !== null && line.to === line.end
}

function To({ line }: { line: PlanLine }) {
  if (line.trouble !== null) return <span className="quiet">stays</span>
  if (line.to === null) return <span className="quiet">{line.from === null ? "no commit" : "deleted"}</span>
  if (line.to === line.from) return <span className="quiet">{count(line.to)} (stays)</span>
  return <strong>{count(line.to)}</strong>
}

function saidOf(line: PlanLine): { text: string; tone: string }[] {
  const where = `${line.destination} / ${line.partition}`
  const said = []
  if (line.trouble !== null) said.push({ text: `✕ ${where}: ${line.trouble}`, tone: "bad" })
  if (line.clamped !== null) {
    const why = line.clamped.why === "deleted" ? "is deleted already" : "is not written yet"
    const text = `▲ ${where}: offset ${line.clamped.wanted} ${why}; ${count(line.to)} is the nearest that exists.`
    said.push({ text, tone: "warn" })
  }
  if (line.note !== null) said.push({ text: `${where}: ${line.note}`, tone: "quiet" })
  if (line.error !== null) said.push({ text: `✕ ${where}: ${line.error}`, tone: "bad" })
  return said
}
