"use client"

import { IconAlertTriangle } from "@tabler/icons-react"
import Link from "next/link"
import { useRouter } from "next/navigation"
import { startTransition, useEffect } from "react"
import { EmptyState } from "../ui/empty-state.tsx"

/** What is left when a page itself breaks: what to do, and the rest of the console still works. */
export default function ErrorPage(props: { error: Error & { digest?: string }; reset: () => void }) {
  useEffect(() => console.error(props.error), [props.error])
  const router = useRouter()
  const { digest } = props.error
  // What the server sent broke, too: it is asked again before the page is drawn again.
  const again = () =>
    startTransition(() => {
      router.refresh()
      props.reset()
    })
  return (
    <EmptyState icon={IconAlertTriangle} title="Something went wrong on this page" level={1}>
      <p role="alert">
        Try again; the other pages still work.
        {digest && (
          <>
            {" "}
            The log of Signalbox has it under <code>{digest}</code>.
          </>
        )}
      </p>
      <div className="row">
        <button type="button" className="field act" onClick={again}>
          Try again
        </button>
        <Link href="/" className="field">
          Go to the overview
        </Link>
      </div>
    </EmptyState>
  )
}
