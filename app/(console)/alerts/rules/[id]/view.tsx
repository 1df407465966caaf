"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { SEVERITY_LOOKS } from "#app/(console)/alerts/severity.tsx"
import { HOME } from "#app/(console)/home.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { plural } from "#app/ui/format.ts"
import { Mark } from "#app/ui/mark.tsx"
import { PageHead } from "#app/ui/page-head.tsx"
import { Empty, Query } from "#app/ui/states.tsx"
import { toDraft } from "../draft.ts"
import { RuleEditor } from "../editor.tsx"
import { SourceTag } from "../source-tag.tsx"

const ABOVE = [...HOME, { href: "/alerts", label: "Alerts" }, { href: "/alerts?tab=rules", label: "Rules" }]

/** One rule: what it is, and what it would have done. */
export function RuleView({ id }: { id: string }) {
  const trpc = useTRPC()
  const rules = useQuery(trpc.alerts.rules.queryOptions())
  return (
    <Query of={rules}>
      {({ rules: all, signals }) => {
        const saved = all.find((one) => one.id === id)
        if (!saved)
          return (
            <>
              <PageHead above={ABOVE} title="Alert rule not found" />
              <Empty>There is no alert rule “{id}”. It may have been deleted.</Empty>
            </>
          )
        const { rule, firing, source, isChanged } = saved
        const signal = signals.find((one) => one.id === rule.signal)
        return (
          <>
            <PageHead
              above={ABOVE}
              title={rule.name}
              kind="alert rule"
              badge={
                <>
                  <SourceTag source={source} isChanged={isChanged} />
                  {firing > 0 && (
                    <Link href="/alerts">
                      <Mark look={SEVERITY_LOOKS[rule.severity]}>
                        {plural(firing, "alert fires", "alerts fire")}
                      </Mark>
                    </Link>
                  )}
                </>
              }
            />
            <RuleEditor key={id} start={toDraft(rule, signal)} signals={signals} saved={saved} />
          </>
        )
      }}
    </Query>
  )
}
