"use client"

import { IconChartLine, IconCopy, IconMaximize, IconMinimize, IconTable } from "@tabler/icons-react"
import dynamic from "next/dynamic"
import { type ReactNode, useId, useMemo, useRef, useState } from "react"
import { duration, moment } from "../format.ts"
import { Empty, Loading } from "../states.tsx"
import { showToast } from "../toast.ts"
import { Legend } from "./legend.tsx"
import { type ChartInput, isEmpty, prepareChart } from "./prepare.ts"
import { ChartTable, ExampleList, MarkList } from "./table.tsx"

const Canvas = dynamic(() => import("./canvas.tsx"), { ssr: false, loading: Loading })

interface Props extends ChartInput {
  title: string
  /** ms of one bucket, and between the samples it was read from. */
  stepMs?: number
  resolutionMs?: number
  onZoom: (range: { from: number; to: number } | null) => void
  /** Why nothing is drawn, where it is not for want of samples. */
  none?: string
  /** Higher, for the chart that a page is about. */
  tall?: boolean
}

/**
 * A chart over time: drag zooms, shift-drag moves, double-click goes back; the legend shows and hides lines. It can be
 * made as large as the window, copied as a picture, and shown as a table for who cannot see it.
 */
export function Chart(props: Props) {
  const [asTable, setAsTable] = useState(false)
  const [isFull, setFull] = useState(false)
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const canvas = useRef<HTMLCanvasElement>(null)
  const id = useId()
  const { unit, at, lines, marks, limits, bands, examples, range, begins } = props
  const shown = useMemo(() => lines.filter(({ name }) => !hidden.has(name)), [lines, hidden])
  const model = useMemo(
    () =>
      prepareChart({
        ...{ unit, at, marks, range, begins, lines: shown },
        ...maybe({ limits, bands, examples }),
      }),
    [unit, at, marks, range, begins, shown, limits, bands, examples],
  )
  const none = isEmpty(lines)
  const copy = async () => {
    const { copyPicture } = await import("./picture.ts")
    if (!canvas.current) return
    const done = await copyPicture({ ...{ canvas: canvas.current, title: props.title, unit }, lines: shown })
    showToast(done === "copied" ? "The chart was copied as PNG." : "The chart was saved as PNG.")
  }
  const body = none ? (
    <Empty>{props.none ?? "No data in this time range."}</Empty>
  ) : asTable ? (
    <>
      <ChartTable {...props} />
      <MarkList marks={model.marks} bands={model.bands} />
      <ExampleList title={props.title} examples={model.examples} />
    </>
  ) : (
    <>
      <Canvas
        model={model}
        onZoom={props.onZoom}
        tall={props.tall ?? false}
        drawn={(made) => {
          canvas.current = made
        }}
      />
      <Legend title={props.title} unit={unit} lines={lines} hidden={hidden} setHidden={setHidden} />
    </>
  )
  return (
    <Frame isFull={isFull} leave={() => setFull(false)}>
      <figure aria-labelledby={id} className="chart">
        <figcaption className="row" id={id}>
          <strong className="grow">{props.title}</strong>
          {!none && (
            <Tools>
              <Tool
                label={asTable ? "Chart" : "Table"}
                icon={asTable ? IconChartLine : IconTable}
                isOn={asTable}
                onClick={() => setAsTable(!asTable)}
              />
              {!asTable && <Tool label="Copy as PNG" icon={IconCopy} onClick={() => void copy()} />}
              <Tool
                label={isFull ? "Leave full screen" : "Full screen"}
                icon={isFull ? IconMinimize : IconMaximize}
                onClick={() => setFull(!isFull)}
              />
            </Tools>
          )}
        </figcaption>
        {body}
        <Facts {...props} isShaded={model.begins !== null} />
      </figure>
    </Frame>
  )
}

/** Only what is given, as `exactOptionalPropertyTypes` wants it. */
function maybe({ limits, bands, examples }: Pick<Props, "limits" | "bands" | "examples">) {
  return { ...(limits && { limits }), ...(bands && { bands }), ...(examples && { examples }) }
}

/** As large as the window while it is full. */
function Frame(props: { isFull: boolean; leave: () => void; children: ReactNode }) {
  if (!props.isFull) return props.children
  return (
    <dialog
      className="chart-full"
      aria-label="Chart in full screen"
      ref={(dialog) => {
        if (dialog && !dialog.open) dialog.showModal()
      }}
      onClose={props.leave}
    >
      {props.children}
    </dialog>
  )
}

function Tools(props: { children: ReactNode }) {
  return <span className="row chart-tools">{props.children}</span>
}

interface ToolProps {
  label: string
  icon: typeof IconCopy
  isOn?: boolean
  onClick: () => void
}

function Tool({ label, icon: Icon, isOn, onClick }: ToolProps) {
  return (
    <button
      type="button"
      className="item"
      aria-label={label}
      title={label}
      aria-pressed={isOn}
      onClick={onClick}
    >
      <Icon size={14} aria-hidden="true" />
    </button>
  )
}

/** How fine the chart is, and where its history begins. */
function Facts(props: Props & { isShaded: boolean }) {
  const { stepMs, resolutionMs, begins, at } = props
  const last = at.at(-1)
  const isMeasured = stepMs !== undefined && resolutionMs !== undefined && at.length > 0
  if (!isMeasured && !props.isShaded) return null
  return (
    <p className="quiet help flat">
      {isMeasured && (
        <span>
          {`One point per ${duration(stepMs)}`}
          {stepMs !== resolutionMs && `, from one sample per ${duration(resolutionMs)}`}
        </span>
      )}
      {isMeasured && props.isShaded && " · "}
      {props.isShaded && typeof begins === "number" && (
        <span>
          History begins at {moment(begins)}.{" "}
          {last !== undefined && last > begins && (
            <button type="button" className="link" onClick={() => props.onZoom({ from: begins, to: last })}>
              Zoom to data
            </button>
          )}
        </span>
      )}
    </p>
  )
}
