"use client"

import { useQuery } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import { bytes, count } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { Query } from "#app/ui/states.tsx"

interface Props {
  cluster: string
  destination: string
  partition: number
  offset: number
}

/** The message that the group would read first, in full, as this person may see it. */
export function FirstRecord(props: Props) {
  const trpc = useTRPC()
  const message = useQuery(
    trpc.messages.get.queryOptions({ ...props, offset: String(props.offset) }, { retry: false }),
  )
  return (
    <Query of={message}>
      {(found) => (
        <div className="stack opened">
          <p className="quiet note">
            Offset {count(props.offset)}
            {found.timestamp !== null && (
              <>
                , <Moment at={found.timestamp} />
              </>
            )}
            , {bytes(found.bytes)}, {found.value.format}
          </p>
          <dl className="record">
            <dt>key</dt>
            <dd className="mono">{partOf(found.key)}</dd>
            {found.headers.map((header) => (
              <div key={header.name} className="pair">
                <dt>{header.name}</dt>
                <dd className="mono">{header.text ?? "null"}</dd>
              </div>
            ))}
          </dl>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
          <section className="record-value" tabIndex={0} aria-label="Value">
            <pre className="mono">{partOf(found.value)}</pre>
          </section>
          {found.value.note && <p className="quiet">{found.value.note}</p>}
        </div>
      )}
    </Query>
  )
}

function partOf(part: { kind: "null" | "empty" | "data"; text: string }): string {
  if (part.kind === "null") return "null"
  return part.kind === "empty" ? "(empty)" : part.text
}
