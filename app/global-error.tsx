"use client"

import "./styles/index.css"
import { IconAlertTriangle } from "@tabler/icons-react"
import { useEffect } from "react"
import { EmptyState } from "./ui/empty-state.tsx"

/** What is left when even the frame around the pages breaks. */
export default function GlobalError(props: { error: Error & { digest?: string } }) {
  useEffect(() => console.error(props.error), [props.error])
  const { digest } = props.error
  return (
    <html lang="en">
      <body>
        <title>Error · Signalbox</title>
        <main>
          <EmptyState icon={IconAlertTriangle} title="Signalbox could not show this page" level={1}>
            <p role="alert">
              Try again, or look at the log of the web role.
              {digest && (
                <>
                  {" "}
                  It has the error under <code>{digest}</code>.
                </>
              )}
            </p>
            <button type="button" className="field act" onClick={() => window.location.reload()}>
              Try again
            </button>
          </EmptyState>
        </main>
      </body>
    </html>
  )
}
