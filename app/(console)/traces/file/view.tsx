"use client"

import { useState } from "react"
import { HOME } from "#app/(console)/home.ts"
import { Allowed } from "#app/access/allowed.tsx"
import { count, plural } from "#app/ui/format.ts"
import { PageHead } from "#app/ui/page-head.tsx"
import { Select } from "#app/ui/select.tsx"
import type { FileTrace } from "#server/traces/files/read-file.ts"
import { ShownTrace } from "../trace/shown-trace.tsx"

const ABOVE = [...HOME, { href: "/traces", label: "Traces" }]
const MAX_LISTED = 100

/** Traces of a file that somebody sent: read here in the browser, and stored nowhere. */
export function TraceFilePage() {
  const [file, setFile] = useState<{ name: string; traces: FileTrace[] } | null>(null)
  const [error, setError] = useState("")
  const open = async (chosen: File | undefined) => {
    if (!chosen) return
    try {
      // Only who opens a file needs what reads it.
      const { MAX_FILE_BYTES, readTraceFile } = await import("#server/traces/files/read-file.ts")
      if (chosen.size > MAX_FILE_BYTES)
        throw new Error(
          `The file has ${count(chosen.size)} bytes; up to ${count(MAX_FILE_BYTES)} can be read.`,
        )
      setFile({ name: chosen.name, traces: readTraceFile(await chosen.text()) })
      setError("")
    } catch (problem) {
      setFile(null)
      setError(problem instanceof Error ? problem.message : "The file cannot be read.")
    }
  }
  return (
    <>
      <PageHead above={ABOVE} title={file?.name ?? "Trace file"} kind="not stored" />
      <Allowed permission="trace.read">
        <section className="panel" aria-label="File">
          <label className="row tight">
            Trace file
            <input
              type="file"
              className="field"
              accept=".json,.jsonl,application/json"
              onChange={(event) => void open(event.target.files?.[0])}
            />
          </label>
          <p className="quiet slim">
            OTLP JSON, also a message per line, or Jaeger JSON. The file is read in this browser, and neither
            sent nor stored.
          </p>
          {error !== "" && (
            <p className="bad" role="alert">
              {error}
            </p>
          )}
        </section>
        {file && <Traces key={file.name} traces={file.traces} />}
      </Allowed>
    </>
  )
}

function Traces({ traces }: { traces: FileTrace[] }) {
  const [chosen, setChosen] = useState("0")
  const shown = traces[Number(chosen)]
  if (!shown) return null
  return (
    <>
      {traces.length > 1 && (
        <div className="row tools">
          <Select
            label="Trace"
            value={chosen}
            options={traces.slice(0, MAX_LISTED).map(({ trace }, i) => ({
              value: String(i),
              label: `${trace.traceId} (${plural(trace.total, "span", "spans")})`,
            }))}
            onChange={setChosen}
          />
          <span className="quiet">
            {plural(traces.length, "trace", "traces")} in the file
            {traces.length > MAX_LISTED && `, the largest ${MAX_LISTED} are listed`}
          </span>
        </div>
      )}
      <ShownTrace key={chosen} source={{ trace: shown.trace, file: shown.detail }} />
    </>
  )
}
