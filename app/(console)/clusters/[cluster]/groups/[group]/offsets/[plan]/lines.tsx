"use client"

import { useQueryStates } from "nuqs"
import { Fragment } from "react"
import type { PlanLine } from "#server/offsets/model.ts"
import type { PlanView } from "#server/offsets/views.ts"
import { count, exactMoment, moment, UNKNOWN } from "../../../../../../../ui/format.ts"
import { Empty } from "../../../../../../../ui/states.tsx"
import { planParams, SHOWN } from "../search-params.ts"
import { FirstRecord } from "./first-record.tsx"
import { Pages } from "./pages.tsx"

const WORDS = {
  all: "all",
  moving: "moving",
  clamped: "clamped",
  troubled: "cannot be planned",
  failed: "failed",
}

/** The partitions of a plan: from, to, what is read again or skipped, and the first record there. */
export function Lines({ plan }: { plan: PlanView }) {
  const [{ show, page, open }, set] = useQueryStates(planParams)
  return (
    <section className="panel" aria-label="Partitions">
      <div className="row">
        <h2 className="grow">Partitions</h2>
        <select
          className="field"
          aria-label="Show"
          value={show}
          onChange={(event) => {
            const chosen = SHOWN.find((one) => one === event.target.value) ?? "all"
            void set({ show: chosen, page: null })
          }}
        >
          {SHOWN.map((one) => (
            <option key={one} value={one}>
              {WORDS[one]}
            </option>
          ))}
        </select>
      </div>
      {plan.lines.length === 0 ? (
        <Empty>There is none of these in this plan.</Empty>
      ) : (
        <div className="scroll">
          <table className="grid cards-on-phone" aria-label="Partitions of the plan">
            <thead>
              <tr>
                <th>Partition</th>
                <th className="num">From</th>
                <th className="num">To</th>
                <th className="num">Read again</th>
                <th className="num">Skipped</th>
                <th>Time at the target</th>
                <th>First record there</th>
              </tr>
            </thead>
            <tbody>
              {plan.lines.map((line) => (
                <Line
                  key={keyOf(line)}
                  line={line}
                  cluster={plan.cluster}
                  open={open === keyOf(line)}
                  toggle={() => void set({ open: open === keyOf(line) ? null : keyOf(line) })}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Pages page={page} total={plan.lineCount} set={(next) => void set({ page: next })} />
    </section>
  )
}

function keyOf(line: PlanLine): string {
  return `${line.destination}/${line.partition}`
}

function Line(props: { line: PlanLine; cluster: string; open: boolean; toggle: () => void }) {
  const { line, open } = props
  const said = saidOf(line)
  return (
    <Fragment>
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
        <td data-label="Time at the target">
          {line.time === null ? (
            <span className="quiet">{atEnd(line) ? "the end: what comes next" : UNKNOWN}</span>
          ) : (
            <span title={exactMoment(line.time)}>{moment(line.time)}</span>
          )}
        </td>
        <td data-label="First record there">
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
    </Fragment>
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
