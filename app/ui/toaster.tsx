"use client"

import { IconX } from "@tabler/icons-react"
import { useEffect, useState } from "react"
import { closeToast, type Toast, useToasts } from "./toast.ts"

/** Long enough to read a sentence and to reach for Undo. */
const SHOWN_MS = 10_000

/** Where toasts are shown, and read out. */
export function Toaster() {
  const toasts = useToasts()
  return (
    <section className="toasts" aria-label="Notifications" aria-live="polite">
      {toasts.map((toast) => (
        <One key={toast.id} toast={toast} />
      ))}
    </section>
  )
}

/** Stays as long as it is pointed at or has the focus. */
function One({ toast }: { toast: Toast }) {
  const { id, text, act } = toast
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (held) return
    const timer = setTimeout(() => closeToast(id), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [held, id])
  const run = () => {
    closeToast(id)
    act?.run()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is pointed at only stays longer
    <div
      className="toast"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span className="grow">{text}</span>
      {act && (
        <button type="button" className="field" onClick={run}>
          {act.label}
        </button>
      )}
      <button type="button" className="icon-button" aria-label="Close" onClick={() => closeToast(id)}>
        <IconX size={14} aria-hidden="true" />
      </button>
    </div>
  )
}
