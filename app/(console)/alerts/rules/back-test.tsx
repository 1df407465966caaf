"use client"

import { useQuery } from "@tanstack/react-query"
import { useQueryStates } from "nuqs"
import { useTRPC } from "#app/trpc/client.tsx"
import { Query } from "#app/ui/states.tsx"
import type { Rule, Signal } from "./draft.ts"
import { History } from "./history.tsx"
import { RangeChoice } from "./range-choice.tsx"
import { editorParams } from "./search-params.ts"

/** A rule may be larger than an address. */
export const POST = { trpc: { context: { post: true } } }

/** What a stored rule would have done. */
export function BackTest({ rule, signal }: { rule: Rule; signal: Signal | undefined }) {
  const trpc = useTRPC()
  const [{ range }] = useQueryStates(editorParams)
  const tried = useQuery(trpc.alerts.backTest.queryOptions({ rule, range }, POST))
  return (
    <section className="panel" aria-label={`${rule.name} on history`}>
      <div className="row">
        <h2 className="grow">{rule.name} on history</h2>
        <RangeChoice />
      </div>
      <Query of={tried}>{(found) => <History {...{ found, rule, signal, range }} />}</Query>
    </section>
  )
}
