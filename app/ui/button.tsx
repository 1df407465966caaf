"use client"

import type { ButtonHTMLAttributes, MouseEvent } from "react"

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** Why it cannot be pressed: which role is needed, what is missing. null: it can. */
  refusal?: string | null | undefined
  /** Whether what it began is still going on. */
  busy?: boolean
}

/**
 * A button that stays in reach of Tab while it cannot be pressed, and then says why: `disabled` would take it out of the
 * way of the keyboard, and with it the reason. In a form neither it nor Enter sends anything meanwhile.
 */
export function Button({ refusal = null, busy = false, title, onClick, ...rest }: Props) {
  const isOff = refusal !== null || busy
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (isOff) event.preventDefault()
    else onClick?.(event)
  }
  return (
    <button
      type="button"
      className="field"
      {...rest}
      title={refusal ?? title}
      aria-disabled={isOff || undefined}
      onClick={press}
    />
  )
}
