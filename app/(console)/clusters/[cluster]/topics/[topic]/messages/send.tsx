"use client"

import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { ActPanel } from "#app/(console)/acts/act-panel.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Query } from "#app/ui/states.tsx"
import { blank, draftOf } from "./draft.ts"
import { SendFile } from "./send-file.tsx"
import { SendForm } from "./send-form.tsx"
import { type Place, useMessageState } from "./state.ts"

interface Position {
  partition: number
  offset: string
}

/** Sends a new message, one that is edited, or a file of them. */
export function Send({ place, of }: { place: Place; of: Position | null }) {
  const [, set] = useMessageState()
  const [fromFile, setFromFile] = useState(false)
  return (
    <ActPanel label="Send">
      <div className="row">
        <h2 className="grow">
          {of ? `Edit and resend offset ${of.offset} of partition ${of.partition}` : "Send to this topic"}
        </h2>
        {!of && (
          <button type="button" className="field" onClick={() => setFromFile(!fromFile)}>
            {fromFile ? "One message" : "From a file"}
          </button>
        )}
        <button type="button" className="field" onClick={() => void set({ send: null })}>
          Close
        </button>
      </div>
      {of ? (
        <Edited place={place} of={of} />
      ) : fromFile ? (
        <SendFile place={place} />
      ) : (
        <SendForm place={place} draft={blank} of={null} />
      )}
    </ActPanel>
  )
}

function Edited({ place, of }: { place: Place; of: Position }) {
  const trpc = useTRPC()
  const found = useQuery(
    trpc.messages.get.queryOptions({ ...place, ...of, formats: {} }, { staleTime: Number.POSITIVE_INFINITY }),
  )
  return (
    <Query of={found}>
      {({ source }) =>
        source ? (
          <SendForm place={place} draft={draftOf(source)} of={of} />
        ) : (
          <p className="warn">
            Parts of it are masked, or it is too large to be edited: it cannot be sent again from here.
          </p>
        )
      }
    </Query>
  )
}
