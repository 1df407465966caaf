"use client"

import { useEffect, useState } from "react"

/** A value once it has stood still for `ms`: what is being typed is not asked for at every key. */
export function useDebounced<Value>(value: Value, ms: number): Value {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}
