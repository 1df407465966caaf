"use client"

import Link from "next/link"
import { useRouter } from "next/navigation"
import { tracePath } from "../paths.ts"

const TRACE_ID = "[0-9a-fA-F]{32}"

/** Goes to the trace whose id is entered. */
export function FindTrace() {
  const router = useRouter()
  return (
    <form
      className="row tight"
      onSubmit={(event) => {
        event.preventDefault()
        const id = new FormData(event.currentTarget).get("trace")
        router.push(tracePath(String(id).trim().toLowerCase()))
      }}
    >
      <input
        className="field mono"
        name="trace"
        aria-label="Trace id"
        placeholder="Trace id"
        size={34}
        required
        pattern={` *${TRACE_ID} *`}
        title="32 hexadecimal digits"
      />
      <button type="submit" className="field">
        Open trace
      </button>
      <Link className="field" href="/traces/file">
        Open a file
      </Link>
    </form>
  )
}
