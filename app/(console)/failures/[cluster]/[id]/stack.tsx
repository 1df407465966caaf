import { Empty } from "#app/ui/states.tsx"
import type { FailureDetail } from "#server/failures/index.ts"

/** The stack trace of the latest dead letter, and the frame of one's own code in it. */
export function Stack({ failure }: { failure: FailureDetail }) {
  return (
    <section className="panel" aria-label="Stack">
      <h2>Of the latest message</h2>
      {failure.frame && (
        <p>
          Top frame of your own code: <span className="mono wrap">{failure.frame}</span>
        </p>
      )}
      {failure.exampleStack ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by key
        <section className="block" aria-label="Stack trace" tabIndex={0}>
          <pre className="mono">{failure.exampleStack}</pre>
        </section>
      ) : (
        <Empty>The dead letters carry no stack trace.</Empty>
      )}
    </section>
  )
}
