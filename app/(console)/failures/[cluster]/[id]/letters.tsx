"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useQueryStates } from "nuqs"
import { useState } from "react"
import type { FailureDetail, LetterRow } from "#server/failures/views.ts"
import { useTRPC } from "../../../../trpc/client.tsx"
import { bytes, exact, exactMoment, moment } from "../../../../ui/format.ts"
import { Empty, Query } from "../../../../ui/states.tsx"
import { type Column, Table } from "../../../../ui/table.tsx"
import { Letter } from "./letter.tsx"
import { failurePageParams, REPLAYED } from "./search-params.ts"

const A_PAGE = 8
const WORDS = { any: "replayed or not", no: "not replayed", yes: "replayed" }

/** The dead letters of a failure; one of them in full, beside its original; and the way to send them again. */
export function Letters({ failure }: { failure: FailureDetail }) {
  const trpc = useTRPC()
  const [params, set] = useQueryStates(failurePageParams, { history: "push" })
  const choice = { replayed: params.replayed }
  const query = useQuery({
    ...trpc.failures.letters.queryOptions({
      cluster: failure.cluster,
      id: failure.id,
      choice,
      page: params.page,
      pageSize: A_PAGE,
    }),
    placeholderData: keepPreviousData,
  })
  // The latest when the page was opened: what dies meanwhile must not push away what somebody is about to mend.
  const [first, setFirst] = useState<string>()
  const latest = query.data?.rows[0]?.id
  if (first === undefined && latest !== undefined) setFirst(latest)
  return (
    <Query of={query}>
      {({ rows, total }) => {
        const shown = params.letter || first
        return (
          <>
            <section className="panel" aria-label="Dead letters">
              <div className="row" style={{ paddingBottom: "0.5rem" }}>
                <select
                  className="field"
                  aria-label="Replayed"
                  value={params.replayed}
                  onChange={(event) =>
                    void set({
                      replayed: event.target.value as typeof params.replayed,
                      page: null,
                      letter: null,
                    })
                  }
                >
                  {REPLAYED.map((one) => (
                    <option key={one} value={one}>
                      {WORDS[one]}
                    </option>
                  ))}
                </select>
                {params.chosen.length > 0 && (
                  <>
                    <span>{params.chosen.length} chosen</span>
                    <button type="button" className="field" onClick={() => void set({ chosen: null })}>
                      Choose none
                    </button>
                  </>
                )}
              </div>
              {rows.length === 0 ? (
                <Empty>
                  {params.replayed === "any"
                    ? "The broker keeps none of them any more; only their number is known."
                    : "No dead letter fits this filter."}
                </Empty>
              ) : (
                <Table
                  label="Dead letters"
                  columns={columns({
                    shown,
                    chosen: params.chosen,
                    show: (letter) => void set({ letter }),
                    choose: (chosen) => void set({ chosen: chosen.length > 0 ? chosen : null }),
                  })}
                  rows={rows}
                  keyOf={(row) => row.id}
                  order={{ sort: "at", dir: "desc", page: params.page }}
                  setOrder={({ page }) => void set({ page: page ?? 1, letter: null })}
                  total={total}
                  pageSize={A_PAGE}
                />
              )}
            </section>
            {shown && <Letter key={shown} failure={failure} letter={shown} chosen={params.chosen} />}
          </>
        )
      }}
    </Query>
  )
}

interface Chooser {
  shown: string | undefined
  chosen: string[]
  show: (letter: string) => void
  choose: (chosen: string[]) => void
}

function columns({ shown, chosen, show, choose }: Chooser): Column<LetterRow>[] {
  return [
    {
      key: "chosen",
      label: "Choose",
      cell: (row) => (
        <input
          type="checkbox"
          aria-label={`Choose offset ${row.offset} of partition ${row.partition}`}
          checked={chosen.includes(row.id)}
          onChange={(event) =>
            choose(event.target.checked ? [...chosen, row.id] : chosen.filter((one) => one !== row.id))
          }
        />
      ),
    },
    {
      key: "at",
      label: "Died",
      cell: (row) => (
        <button
          type="button"
          className="link"
          aria-pressed={row.id === shown}
          title={exactMoment(row.at)}
          onClick={() => show(row.id)}
        >
          {moment(row.at)}
        </button>
      ),
    },
    { key: "partition", label: "Partition", numeric: true, cell: (row) => row.partition },
    { key: "offset", label: "Offset", numeric: true, cell: (row) => exact(Number(row.offset)) },
    {
      key: "original",
      label: "Original",
      cell: (row) =>
        row.original ? (
          <span className="wrap">
            {row.original.destination}
            {row.original.partition !== null && row.original.offset !== null && (
              <span className="quiet">
                {" "}
                partition {row.original.partition}, offset {exact(Number(row.original.offset))}
              </span>
            )}
          </span>
        ) : (
          <span className="quiet" title="The dead letter does not say where it came from.">
            –
          </span>
        ),
    },
    { key: "bytes", label: "Size", numeric: true, cell: (row) => bytes(row.bytes) },
    {
      key: "replayed",
      label: "Replay",
      cell: (row) => (
        <>
          {row.replayed && <span className="good">replayed</span>}
          {row.failedAgain && <span className="bad"> failed again</span>}
          {!row.replayed && !row.failedAgain && <span className="quiet">not yet</span>}
        </>
      ),
    },
  ]
}
