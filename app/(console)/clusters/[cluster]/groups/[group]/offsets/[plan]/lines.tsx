"use client"

import { useQueryStates } from "nuqs"
import { Select } from "#app/ui/select.tsx"
import { Empty } from "#app/ui/states.tsx"
import type { PlanView } from "#server/offsets/index.ts"
import { placeKey } from "#server/place.ts"
import { planParams, SHOWN } from "../search-params.ts"
import { Line } from "./line.tsx"
import { Pages } from "./pages.tsx"

const WORDS = {
  all: "all",
  moving: "moving",
  clamped: "clamped",
  troubled: "cannot be planned",
  failed: "failed",
}

/** The partitions of a plan: from, to, what is read again or skipped, and the first record there. */
export function Lines({ plan }: { plan: PlanView }) {
  const [{ show, page, open }, set] = useQueryStates(planParams)
  return (
    <section className="panel" aria-label="Partitions">
      <div className="row">
        <h2 className="grow">Partitions</h2>
        <Select
          label="Show"
          value={show}
          options={SHOWN.map((value) => ({ value, label: WORDS[value] }))}
          onChange={(chosen) => void set({ show: chosen, page: null })}
        />
      </div>
      {plan.lines.length === 0 ? (
        <Empty>There is none of these in this plan.</Empty>
      ) : (
        <div className="scroll">
          <table className="grid cards-on-phone" aria-label="Partitions of the plan">
            <thead>
              <tr>
                <th>Partition</th>
                <th className="num">From</th>
                <th className="num">To</th>
                <th className="num">Read again</th>
                <th className="num">Skipped</th>
                <th>Message time</th>
                <th>First message</th>
              </tr>
            </thead>
            <tbody>
              {plan.lines.map((line) => (
                <Line
                  key={placeKey(line)}
                  line={line}
                  cluster={plan.cluster}
                  open={open === placeKey(line)}
                  toggle={() => void set({ open: open === placeKey(line) ? null : placeKey(line) })}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Pages page={page} total={plan.lineCount} set={(next) => void set({ page: next })} />
    </section>
  )
}
