"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import { Empty, Query } from "#app/ui/states.tsx"
import { Table } from "#app/ui/table.tsx"
import type { FailureDetail } from "#server/failures/index.ts"
import { columns } from "./columns.tsx"
import { LETTERS_A_PAGE } from "./failure-key.ts"
import { Filters } from "./filters.tsx"
import { Letter } from "./letter.tsx"
import { LetterTraces } from "./letter-traces.tsx"
import { filterOf, isFiltered, useFailureState } from "./search-params.ts"
import { Trend } from "./trend.tsx"

/** The dead letters of a failure at the left; at the right one of them in full, and the way to send them again. */
export function Letters({ failure }: { failure: FailureDetail }) {
  const trpc = useTRPC()
  const [params, set] = useFailureState()
  const filter = filterOf(params)
  const query = useQuery({
    ...trpc.failures.letters.queryOptions({
      cluster: failure.cluster,
      id: failure.id,
      choice: filter,
      page: params.page,
      pageSize: LETTERS_A_PAGE,
    }),
    placeholderData: keepPreviousData,
  })
  // The latest when the page was opened: neither what fails meanwhile nor another filter pushes away what is being fixed.
  const [first, setFirst] = useState<string>()
  const latest = query.data?.rows[0]?.id
  if (first === undefined && latest !== undefined) setFirst(latest)
  const shown = params.letter || first
  return (
    <div className="failure-columns">
      <div className="column">
        <section className="panel" aria-label="Dead letters">
          <Filters failure={failure} />
          {params.chosen.length > 0 && (
            <div className="row tools">
              <span>{params.chosen.length} chosen</span>
              <button type="button" className="field" onClick={() => void set({ chosen: null })}>
                Choose none
              </button>
            </div>
          )}
          <Query of={query}>
            {({ rows, total }) =>
              rows.length === 0 ? (
                <Empty>
                  {isFiltered(filter)
                    ? "No dead letter fits these filters."
                    : "The broker has deleted all of them; only their number is known."}
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
                  setOrder={({ page }) => void set({ page: page ?? 1 })}
                  total={total}
                  pageSize={LETTERS_A_PAGE}
                />
              )
            }
          </Query>
        </section>
        <Trend failure={failure} />
        <LetterTraces cluster={failure.cluster} letters={query.data?.rows ?? []} />
      </div>
      <Letter
        failure={failure}
        letter={shown}
        picked={{ chosen: params.chosen, filter, listed: query.data?.total ?? 0 }}
      />
    </div>
  )
}
