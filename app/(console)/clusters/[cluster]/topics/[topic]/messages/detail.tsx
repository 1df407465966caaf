"use client"

import { IconChevronDown, IconChevronUp } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useOffered } from "#app/(console)/acts/use-offered.ts"
import { MessageTraces } from "#app/(console)/traces/message-traces.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Drawer } from "#app/ui/drawer.tsx"
import { bytes } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { Query } from "#app/ui/states.tsx"
import type { MessageDetail, ShownPart } from "#server/messages/index.ts"
import { Compare } from "./compare.tsx"
import { CopyMenu } from "./copy-menu.tsx"
import { HeaderText } from "./header-text.tsx"
import { Json } from "./json.tsx"
import { neighbourOf, useDrawerKeys } from "./neighbours.ts"
import { PartFacts, Withheld } from "./part.tsx"
import { filePath, formatsOf, type Place, useMessageState } from "./state.ts"

interface Position {
  partition: number
  offset: string
}

const TABS = ["value", "headers", "key", "raw", "compare"] as const
type Tab = (typeof TABS)[number]

/** One message in full, beside the list it was opened from: j and k go on to the next and the previous one. */
export function Detail({ place, position }: { place: Place; position: Position }) {
  const trpc = useTRPC()
  const [state, set] = useMessageState()
  const asked = { ...place, ...position, formats: formatsOf(state) }
  // Kept out here: neither another format nor another message leads back to the value.
  const [tab, setTab] = useState<Tab>("value")
  const here = `${position.partition}/${position.offset}`
  const open = (msg: string) => void set({ msg })
  useDrawerKeys(here, open)
  const found = useQuery(trpc.messages.get.queryOptions(asked, { staleTime: Number.POSITIVE_INFINITY }))
  return (
    <Drawer
      name="message"
      title={`Partition ${position.partition}, offset ${position.offset}`}
      onClose={() => void set({ msg: null })}
      tools={
        <>
          <Turn
            label="Previous message (k)"
            icon={IconChevronUp}
            to={() => neighbourOf(here, -1)}
            open={open}
          />
          <Turn label="Next message (j)" icon={IconChevronDown} to={() => neighbourOf(here, 1)} open={open} />
        </>
      }
    >
      <section aria-label="Message">
        <Query of={found}>
          {(message) => <Message key={here} place={place} message={message} tab={tab} onTab={setTab} />}
        </Query>
      </section>
    </Drawer>
  )
}

interface TurnProps {
  label: string
  icon: typeof IconChevronUp
  to: () => string | null
  open: (position: string) => void
}

function Turn({ label, icon: Icon, to, open }: TurnProps) {
  const turn = () => {
    const position = to()
    if (position !== null) open(position)
  }
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={turn}>
      <Icon size={16} aria-hidden="true" />
    </button>
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
        {tab === "compare" && <Compare place={place} message={message} />}
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
  const [isLine, setLine] = useState(false)
  const isPlain = part.format === "text" || part.format === "hex" || part.format === "xml"
  if (part.kind === "null") return <p className="quiet">{none}</p>
  if (part.kind === "empty") return <p className="quiet">It is empty: no bytes.</p>
  return (
    <>
      <div className="row tight">
        <PartFacts part={part} fit={fit} />
        <span className="grow" />
        {!isPlain && (
          <label className="row check help">
            <input type="checkbox" checked={isLine} onChange={(event) => setLine(event.target.checked)} />
            One line
          </label>
        )}
      </div>
      <Json text={isLine && !isPlain ? inOneLine(part.text) : part.text} plain={isPlain} />
      {part.cut && <p className="quiet">Only its first part is shown: download the whole.</p>}
    </>
  )
}

/** Without the breaks and spaces that only lay it out. */
function inOneLine(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1")
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
  const sendable = useOffered("message.produce", place.cluster)
  const { partition, offset } = message
  const of = { kind: "one", partition, offset }
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
      <CopyMenu place={place} message={message} />
      <a className="field" href={filePath(place, { of, value: true })} download>
        Download value
      </a>
      <a className="field" href={filePath(place, { of })} download>
        Download message
      </a>
    </div>
  )
}
