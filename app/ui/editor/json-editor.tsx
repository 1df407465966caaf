"use client"

import { type ComponentType, useEffect, useId, useRef, useState } from "react"
import { diffLines } from "../diff.ts"
import { plural } from "../format.ts"
import type { CodeProps } from "./code.tsx"

interface Props {
  /** Its accessible name, and what stands above it. */
  label: string
  value: string
  onChange: (value: string) => void
  /** Whether it is to be JSON: then in colours, and with its first error marked. */
  json: boolean
  /** What it was: differences are shown in their places. Not given: there is nothing to compare with. */
  before?: string
  /** What is wrong with it, in a sentence. */
  wrong?: string | null
}

const MAX_ROWS = 24

/** A text to be edited: in a plain field until the editor is loaded, and for good where it cannot be. */
export function JsonEditor(props: Props) {
  const { label, value, onChange, json, before, wrong = null } = props
  const says = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  const code = useCode(field)
  const shared = { label, value, onChange, describedBy: says, invalid: wrong !== null }
  return (
    <div className="editor">
      {code ? (
        <code.Editor {...shared} json={json} before={before} focus={code.focus} />
      ) : (
        <textarea
          ref={field}
          className="field mono"
          aria-label={label}
          aria-describedby={says}
          aria-invalid={wrong !== null}
          rows={Math.min(MAX_ROWS, value.split("\n").length + 1)}
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      <p id={says} className={wrong ? "bad" : "quiet"} aria-live="polite">
        {wrong ?? changes(before, value)}
      </p>
    </div>
  )
}

interface Loaded {
  Editor: ComponentType<CodeProps>
  /** Where the cursor was in the plain field when the editor took its place; null: somewhere else. */
  focus: number | null
}

/** The editor, once it is loaded: no page carries it before. */
function useCode(field: React.RefObject<HTMLTextAreaElement | null>): Loaded | null {
  const [code, setCode] = useState<Loaded | null>(null)
  useEffect(() => {
    let gone = false
    import("./code.tsx").then(
      ({ Code }) => {
        if (gone) return
        const here = field.current === document.activeElement ? field.current : null
        setCode({ Editor: Code, focus: here?.selectionStart ?? null })
      },
      // The plain field does as well.
      () => undefined,
    )
    return () => {
      gone = true
    }
  }, [field])
  return code
}

function changes(before: string | undefined, after: string): string {
  if (before === undefined || before === after) return ""
  const lines = diffLines(before, after)
  const added = lines.filter((line) => line.kind === "added").length
  const removed = lines.filter((line) => line.kind === "removed").length
  return `${plural(Math.max(added, removed), "line differs", "lines differ")} from what it was.`
}
