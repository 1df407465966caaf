"use client"

import { IconPlus } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { useOffered } from "#app/(console)/acts/use-offered.ts"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Empty } from "#app/ui/states.tsx"
import { Browse } from "./browse.tsx"
import { Detail } from "./detail.tsx"
import { SearchResult } from "./result.tsx"
import { Send } from "./send.tsx"
import { type Place, readPosition, startOf, useMessageState } from "./state.ts"
import { Tail } from "./tail.tsx"
import { Toolbar } from "./toolbar.tsx"
import { Unmask } from "./unmask.tsx"

/** The messages of a topic: read, followed, searched, sent. */
export default function Messages(place: Place) {
  const trpc = useTRPC()
  const [state, set] = useMessageState()
  const refused = useRefusal("message.produce", place.cluster)
  const offered = useOffered("message.produce", place.cluster)
  const masking = useQuery(trpc.messages.masking.queryOptions(place))
  const position = readPosition(state.msg)
  return (
    <>
      <Toolbar place={place}>
        {offered && (
          <button
            type="button"
            className="field"
            disabled={refused !== null}
            title={refused ?? undefined}
            onClick={() => void set({ send: "new" })}
          >
            <IconPlus size={14} aria-hidden="true" /> Send a message
          </button>
        )}
      </Toolbar>
      {masking.data && <Unmask place={place} masking={masking.data} />}
      {state.send !== null && offered && (
        <Send key={state.send} place={place} of={readPosition(state.send)} />
      )}
      <Main place={place} />
      {position && <Detail place={place} position={position} />}
    </>
  )
}

function Main({ place }: { place: Place }) {
  const [state] = useMessageState()
  const start = startOf(state)
  if (state.job !== null) return <SearchResult key={state.job} place={place} id={state.job} />
  if (state.start === "live") return <Tail place={place} />
  if (start === null) return <Empty>Choose a starting point above.</Empty>
  return <Browse place={place} start={start} />
}
