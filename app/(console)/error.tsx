"use client"

import { useEffect } from "react"
import { Failure } from "../ui/states.tsx"

/** What is left when a page itself breaks: what to do, and the rest of the console still works. */
export default function ErrorPage(props: { error: Error & { digest?: string }; reset: () => void }) {
  useEffect(() => console.error(props.error), [props.error])
  const where = props.error.digest ? ` The log of Signalbox has it under ${props.error.digest}.` : ""
  return (
    <>
      <h1>Something went wrong on this page</h1>
      <Failure error={{ message: `Try again; the other pages still work.${where}` }} retry={props.reset} />
    </>
  )
}
