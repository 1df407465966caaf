import { useLayoutEffect, useRef, useState } from "react"
import type { Start } from "../parts.ts"

/** Goes on from the plain button that stood here before: its focus, and the press that opens. */
export function useTakenOver(start: Start) {
  const ref = useRef<HTMLButtonElement>(null)
  const [{ focused, open }] = useState(() => ({ ...start }))
  useLayoutEffect(() => {
    if (focused) ref.current?.focus()
  }, [focused])
  return { ref, wasOpen: open }
}
