"use client"

/** A moment in the viewer's own zone; empty: none. */
export function Time(props: { label: string; at: string; onChange: (iso: string) => void }) {
  const ms = Date.parse(props.at)
  const local = Number.isNaN(ms)
    ? ""
    : new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
  return (
    <input
      type="datetime-local"
      step={1}
      className="field"
      aria-label={`${props.label}, ${Intl.DateTimeFormat().resolvedOptions().timeZone}`}
      value={local}
      onChange={(event) => {
        const chosen = new Date(event.target.value)
        props.onChange(Number.isNaN(chosen.getTime()) ? "" : chosen.toISOString())
      }}
    />
  )
}
