"use client"

import { EditorView } from "@codemirror/view"
import { useEffect, useRef } from "react"
import { asJson, type CodeState, comparedWith, newState, renamed, replaced } from "./extensions.ts"

export interface CodeProps extends CodeState {
  value: string
  onChange: (value: string) => void
  /** Where the cursor is put at the beginning; null: the focus stays where it is. */
  focus: number | null
}

/** CodeMirror. Its text is the parent's; Tab leaves it. */
export function Code(props: CodeProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })
  useEffect(() => {
    const { value, focus } = latest.current
    const made = new EditorView({
      state: newState(value, { ...latest.current, onChange: (text) => latest.current.onChange(text) }),
      ...(host.current ? { parent: host.current } : {}),
    })
    view.current = made
    if (focus !== null) {
      made.dispatch({ selection: { anchor: Math.min(focus, made.state.doc.length) } })
      made.focus()
    }
    return () => made.destroy()
  }, [])
  const { value, label, describedBy, invalid, json, before } = props
  useEffect(
    () => view.current?.dispatch(renamed({ label, describedBy, invalid })),
    [label, describedBy, invalid],
  )
  useEffect(() => view.current?.dispatch(asJson(json)), [json])
  useEffect(() => view.current?.dispatch(comparedWith(before)), [before])
  useEffect(() => {
    const now = view.current
    if (now && now.state.doc.toString() !== value) now.dispatch(replaced(now.state, value))
  }, [value])
  return <div ref={host} className="code-editor" />
}
