"use client"

import { useEffect, useState } from "react"

const PAUSE_MS = 200

/** A filter field: what is typed is asked for after a short pause, and `/` comes here. */
export function Search(props: { label: string; value: string; onChange: (value: string) => void }) {
  const { label, value, onChange } = props
  const [text, setText] = useState(value)
  const [known, setKnown] = useState(value)
  if (known !== value) {
    setKnown(value)
    setText(value)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new function of the parent is no reason to ask again.
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => onChange(text), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <input
      type="search"
      className="field"
      placeholder={`${label}  /`}
      aria-label={label}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  )
}
