"use client"

import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useOffered } from "#app/(console)/acts/use-offered.ts"
import { MessageTraces } from "#app/(console)/traces/message-traces.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { bytes } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { Query } from "#app/ui/states.tsx"
import type { MessageDetail, ShownPart } from "#server/messages/index.ts"
import { HeaderText } from "./header-text.tsx"
import { Json } from "./json.tsx"
import { PartFacts, Withheld } from "./part.tsx"
import { filePath, formatsOf, type Place, useMessageState } from "./state.ts"

interface Position {
  partition: number
  offset: string
}

const TABS = ["value", "headers", "key", "raw"] as const
type Tab = (typeof TABS)[number]

/** One message in full. */
export function Detail({ place, position }: { place: Place; position: Position }) {
  const trpc = useTRPC()
  const [state, set] = useMessageState()
  const asked = { ...place, ...position, formats: formatsOf(state) }
  // Kept out here: reading it in another format must not lead back to the value.
  const [tab, setTab] = useState<Tab>("value")
  const found = useQuery(trpc.messages.get.queryOptions(asked, { staleTime: Number.POSITIVE_INFINITY }))
  return (
    <section className="panel detail" aria-label="Message">
      <div className="row">
        <h2 className="grow">
          Partition {position.partition}, offset {position.offset}
        </h2>
        <button type="button" className="field" onClick={() => void set({ msg: null })}>
          Close
        </button>
      </div>
      <Query of={found}>
        {(message) => <Message place={place} message={message} tab={tab} onTab={setTab} />}
      </Query>
    </section>
  )
}

interface MessageProps {
  place: Place
  message: MessageDetail
  tab: Tab
  onTab: (tab: Tab) => void
}

function Message({ place, message, tab, onTab }: MessageProps) {
  const { timestamp } = message
  return (
    <>
      <p className="quiet slim">
        {timestamp === null ? (
          "without a time"
        ) : (
          <>
            <Moment at={timestamp} />
            {message.timestampType === "append" ? " (set by the broker)" : ""}
          </>
        )}{" "}
        · {bytes(message.bytes)}
      </p>
      {message.control && (
        <p>
          This is no message: a transaction was {message.control === "commit" ? "committed" : "aborted"} here.
        </p>
      )}
      <Withheld by={message.withheld} explain />
      <div className="tabs" role="tablist" aria-label="Parts of the message">
        {TABS.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            aria-selected={one === tab}
            className={one === tab ? "tab strong" : "tab"}
            onClick={() => onTab(one)}
          >
            {one === "headers" ? `headers ${message.headers.length + message.moreHeaders}` : one}
          </button>
        ))}
      </div>
      <div role="tabpanel" aria-label={tab}>
        {tab === "value" && (
          <Part part={message.value} fit={message.fit.value} none="There is no value: this is a tombstone." />
        )}
        {tab === "key" && <Part part={message.key} fit={message.fit.key} none="There is no key." />}
        {tab === "headers" && <Headers message={message} />}
        {tab === "raw" && <Raw raw={message.raw} />}
      </div>
      {message.control === null && (
        <MessageTraces cluster={place.cluster} messages={[placeOf(place, message)]} />
      )}
      <Acts place={place} message={message} />
    </>
  )
}

function placeOf({ destination }: Place, { partition, offset, timestamp, headers }: MessageDetail) {
  return { destination, partition, offset, at: timestamp, headers }
}

interface PartProps {
  part: ShownPart
  fit: MessageDetail["fit"]["value"]
  none: string
}

function Part({ part, fit, none }: PartProps) {
  if (part.kind === "null") return <p className="quiet">{none}</p>
  if (part.kind === "empty") return <p className="quiet">It is empty: no bytes.</p>
  return (
    <>
      <PartFacts part={part} fit={fit} />
      <Json
        text={part.text}
        plain={part.format === "text" || part.format === "hex" || part.format === "xml"}
      />
      {part.cut && <p className="quiet">Only its first part is shown: download the whole.</p>}
    </>
  )
}

function Headers({ message }: { message: MessageDetail }) {
  if (message.headers.length === 0) return <p className="quiet">There are no headers.</p>
  return (
    <dl className="record mono note">
      {message.headers.map((header, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a header may stand there twice, and its order is all that tells them apart.
        <div className="pair" key={at}>
          <dt>{header.name}</dt>
          <dd>
            <HeaderText header={header} />
          </dd>
        </div>
      ))}
      {message.moreHeaders > 0 && (
        <div className="pair">
          <dt>{message.moreHeaders} more</dt>
          <dd>Download the message to see all of its headers.</dd>
        </div>
      )}
    </dl>
  )
}

function Raw({ raw }: { raw: MessageDetail["raw"] }) {
  return (
    <>
      <h3 className="quiet help">Key</h3>
      <pre className="code">{raw.key ?? "no key"}</pre>
      <h3 className="quiet help">Value, at most its first 4 kB</h3>
      <pre className="code">{raw.value ?? "no value"}</pre>
    </>
  )
}

function Acts({ place, message }: { place: Place; message: MessageDetail }) {
  const [, set] = useMessageState()
  const [copied, setCopied] = useState(false)
  const sendable = useOffered("message.produce", place.cluster)
  const { partition, offset } = message
  const of = { kind: "one", partition, offset }
  const copy = async () => {
    await navigator.clipboard.writeText(message.value.text)
    setCopied(true)
  }
  return (
    <div className="row after">
      {sendable && (
        <button
          type="button"
          className="field"
          disabled={message.source === null || message.control !== null}
          title={message.source === null ? "It is masked, or too large to be edited." : undefined}
          onClick={() => void set({ send: `${partition}/${offset}` })}
        >
          Edit and resend
        </button>
      )}
      <button type="button" className="field" onClick={() => void copy()}>
        {copied ? "Copied" : "Copy value"}
      </button>
      <a className="field" href={filePath(place, { of, value: true })} download>
        Download value
      </a>
      <a className="field" href={filePath(place, { of })} download>
        Download message
      </a>
    </div>
  )
}
