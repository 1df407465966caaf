"use client"

import { IconChevronLeft, IconChevronRight, IconClock, IconZoomOut } from "@tabler/icons-react"
import dynamic from "next/dynamic"
import { useAlive } from "../now.ts"
import { Popover } from "../popover.tsx"
import { useZone, zoneOffset } from "../zone.ts"
import { describeRange, type Range, type RangeText, shifted, zoomedOut } from "./range.ts"
import { iso, useRange, useRangeText, useZoom } from "./use-range.ts"

const RangePanel = dynamic(() => import("./panel.tsx"), { ssr: false })

/** Chooses the page's range: one that moves, or two moments. */
export function RangePicker() {
  const [text, set] = useRangeText()
  const range = useRange()
  return (
    <div className="range">
      <div className="joined">
        <Step label="Earlier" icon={IconChevronLeft} to={(one, now) => shifted(one, -1, now)} range={range} />
        <Popover
          label="Time range"
          named
          className="field range-open"
          align="end"
          summary={<Words text={text} />}
        >
          {(close) => <RangePanel range={range} close={close} />}
        </Popover>
        <Step label="Zoom out" icon={IconZoomOut} to={zoomedOut} range={range} />
        <Step label="Later" icon={IconChevronRight} to={(one, now) => shifted(one, 1, now)} range={range} />
      </div>
      {range?.problem && <Problem range={range} set={set} />}
    </div>
  )
}

/** The server knows neither the time nor the zone. */
function Words({ text }: { text: RangeText }) {
  const zone = useZone()
  const alive = useAlive()
  const now = Date.now()
  return (
    <>
      <IconClock size={14} aria-hidden="true" />
      <span className="unseen">Time range: </span>
      <span className="range-words">{alive ? describeRange(text, { now, zone }) : ""}</span>
      <span className="quiet range-zone">{alive && zoneOffset(zone, now)}</span>
    </>
  )
}

interface StepProps {
  label: string
  icon: typeof IconClock
  range: Range | null
  to: (range: Range, now: number) => { from: number; to: number }
}

function Step({ label, icon: Icon, range, to }: StepProps) {
  const zoom = useZoom()
  const step = () => range && zoom(to(range, Date.now()))
  return (
    <button type="button" className="field range-step" title={label} aria-label={label} onClick={step}>
      <Icon size={14} aria-hidden="true" />
    </button>
  )
}

function Problem(props: { range: Range; set: (to: RangeText | null) => void }) {
  const { problem, from, to } = props.range
  if (problem === null) return null
  const reversed = problem.kind === "reversed"
  return (
    <span className="row tight bad" role="alert">
      {reversed
        ? "The start is after the end."
        : `“${problem.text.slice(0, 40)}” is not a time. Showing the last hour.`}
      <button
        type="button"
        className="field"
        onClick={() => props.set(reversed ? { from: iso(to), to: iso(from) } : null)}
      >
        {reversed ? "Swap" : "Reset"}
      </button>
    </span>
  )
}
