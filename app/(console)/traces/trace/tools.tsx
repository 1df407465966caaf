"use client"

import { IconChevronDown, IconChevronUp, IconZoomIn, IconZoomOut } from "@tabler/icons-react"
import { useQueryStates } from "nuqs"
import { count, plural } from "#app/ui/format.ts"
import { traceParams } from "./trace-params.ts"
import type { TraceState } from "./use-trace-state.ts"

/** Above the waterfall: find, errors, what is folded and how much of the time is shown. */
export function TraceTools({ state }: { state: TraceState }) {
  const { model, found, active } = state
  return (
    <div className="row tools">
      <Find state={state} />
      {model.failed.length > 0 && (
        <button type="button" className="field" onClick={() => state.step("failed", 1)}>
          {active?.span.isError ? "Next error" : "First error"} ({count(model.failed.length)})
        </button>
      )}
      <span className="grow" />
      <button type="button" className="field" onClick={state.collapseAll}>
        Collapse all
      </button>
      <button type="button" className="field" disabled={state.collapsed.size === 0} onClick={state.expandAll}>
        Expand all
      </button>
      <button type="button" className="field" aria-label="Zoom in" onClick={() => state.zoom("in")}>
        <IconZoomIn size={16} aria-hidden="true" />
      </button>
      <button
        type="button"
        className="field"
        aria-label="Zoom out"
        disabled={state.seen === model}
        onClick={() => state.zoom("out")}
      >
        <IconZoomOut size={16} aria-hidden="true" />
      </button>
      <span className="unseen" role="status">
        {found.length > 0 && `${plural(found.length, "span", "spans")} found`}
      </span>
    </div>
  )
}

function Find({ state }: { state: TraceState }) {
  const [{ find }, set] = useQueryStates(traceParams, { history: "replace" })
  const { found, active } = state
  const at = active ? found.indexOf(active) : -1
  return (
    // biome-ignore lint/a11y/useSemanticElements: the element is not known to all browsers that we support
    <form
      role="search"
      aria-label="Find in trace"
      className="row tight"
      onSubmit={(event) => {
        event.preventDefault()
        state.step("found", 1)
      }}
    >
      <input
        type="search"
        className="field"
        aria-label="Find in trace"
        placeholder="Find in trace"
        value={find}
        onChange={(event) => void set({ find: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !event.shiftKey) return
          event.preventDefault()
          state.step("found", -1)
        }}
      />
      {find.trim() !== "" && (
        <>
          <span className="quiet nowrap num">
            {at >= 0 ? `${count(at + 1)} of ` : ""}
            {found.length === 0 ? "none found" : count(found.length)}
          </span>
          <button
            type="button"
            className="field"
            aria-label="Previous match"
            disabled={found.length === 0}
            onClick={() => state.step("found", -1)}
          >
            <IconChevronUp size={16} aria-hidden="true" />
          </button>
          <button type="submit" className="field" aria-label="Next match" disabled={found.length === 0}>
            <IconChevronDown size={16} aria-hidden="true" />
          </button>
        </>
      )}
    </form>
  )
}
