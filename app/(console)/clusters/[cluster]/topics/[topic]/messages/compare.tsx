"use client"

import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import { Diff } from "#app/ui/diff.tsx"
import { optionsOf, Select } from "#app/ui/select.tsx"
import { Empty, Query } from "#app/ui/states.tsx"
import type { MessageDetail } from "#server/messages/index.ts"
import { neighbourOf } from "./neighbours.ts"
import { formatsOf, type Place, readPosition, useMessageState } from "./state.ts"

const SIDES = { above: "the one above it in the list", below: "the one below it in the list" } as const
type Side = keyof typeof SIDES

/** The value beside that of a neighbour in the list, line by line. */
export function Compare({ place, message }: { place: Place; message: MessageDetail }) {
  const trpc = useTRPC()
  const [state] = useMessageState()
  const [side, setSide] = useState<Side>("below")
  const here = `${message.partition}/${message.offset}`
  const other = readPosition(neighbourOf(here, side === "below" ? 1 : -1))
  const found = useQuery({
    ...trpc.messages.get.queryOptions(
      { ...place, ...(other ?? { partition: 0, offset: "0" }), formats: formatsOf(state) },
      { staleTime: Number.POSITIVE_INFINITY },
    ),
    enabled: other !== null,
  })
  return (
    <>
      <span className="row tight">
        <span className="quiet" aria-hidden="true">
          Compared with
        </span>
        <Select label="Compared with" value={side} options={optionsOf(SIDES)} onChange={setSide} />
      </span>
      {other === null ? (
        <Empty>There is no message on that side in the list.</Empty>
      ) : (
        <Query of={found}>
          {(one) => (
            <>
              <p className="quiet slim">
                Partition {one.partition}, offset {one.offset}: − there, + here
              </p>
              <Diff before={one.value.text} after={message.value.text} label="Difference of the values" />
            </>
          )}
        </Query>
      )}
    </>
  )
}
