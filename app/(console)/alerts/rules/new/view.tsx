"use client"

import { useQuery } from "@tanstack/react-query"
import { HOME } from "#app/(console)/home.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { PageHead } from "#app/ui/page-head.tsx"
import { Query } from "#app/ui/states.tsx"
import { type Draft, newDraft, toDraft } from "../draft.ts"
import { RuleEditor } from "../editor.tsx"
import type { NewRule } from "../search-params.ts"

type Listed = RouterOutputs["alerts"]["rules"]

/** The editor of a rule that is not there yet. */
export function NewRuleView({ about }: { about: NewRule }) {
  const trpc = useTRPC()
  const rules = useQuery(trpc.alerts.rules.queryOptions())
  return (
    <>
      <PageHead
        above={[...HOME, { href: "/alerts", label: "Alerts" }, { href: "/alerts?tab=rules", label: "Rules" }]}
        title="New alert rule"
      />
      <Query of={rules}>
        {(listed) => {
          const start = startOf(listed, about)
          return start && <RuleEditor start={start} signals={listed.signals} saved={null} />
        }}
      </Query>
    </>
  )
}

/** A copy of a rule, or a new one on the signal that the address names. */
function startOf({ rules, signals }: Listed, about: NewRule): Draft | null {
  const copied = rules.find((one) => one.id === about.copy)?.rule
  if (copied)
    return toDraft(
      { ...copied, name: `Copy of ${copied.name}` },
      signals.find((one) => one.id === copied.signal),
    )
  const signal = signals.find((one) => one.id === about.signal) ?? signals[0]
  return signal ? newDraft(signal, about) : null
}
