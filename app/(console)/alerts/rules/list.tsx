"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import Link from "next/link"
import { useQueryStates } from "nuqs"
import { newRulePath, rulePath } from "#app/(console)/paths.ts"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { count } from "#app/ui/format.ts"
import { MutationError, Query } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import { conditionOf } from "../condition.ts"
import { alertParams } from "../search-params.ts"
import { SeverityMark } from "../severity.tsx"
import { BackTest } from "./back-test.tsx"
import { ExportRules } from "./export.tsx"
import { SourceTag } from "./source-tag.tsx"

type Listed = RouterOutputs["alerts"]["rules"]
type Row = Listed["rules"][number]

/** The rules, and what each of them would have done. */
export function Rules() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [{ rule: tried }, setState] = useQueryStates(alertParams, { history: "push" })
  const rules = useQuery(trpc.alerts.rules.queryOptions())
  const enable = useMutation(
    trpc.alerts.enableRule.mutationOptions({
      // Shown at once; taken back where it is refused.
      onMutate: async ({ id, enabled }) => {
        const queryKey = trpc.alerts.rules.queryKey()
        await client.cancelQueries({ queryKey })
        const before = client.getQueryData(queryKey)
        client.setQueryData(
          queryKey,
          (old) =>
            old && { ...old, rules: old.rules.map((one) => (one.id === id ? { ...one, enabled } : one)) },
        )
        return { before }
      },
      onError: (_error, _input, kept) => client.setQueryData(trpc.alerts.rules.queryKey(), kept?.before),
      onSettled: () => client.invalidateQueries({ queryKey: trpc.alerts.pathKey() }),
    }),
  )
  const refusal = useRefusal("alert.rule")
  const columnsOf = ({ signals }: Listed): Column<Row>[] => [
    {
      key: "name",
      label: "Rule",
      cell: ({ id, rule, source, isChanged }) => (
        <div>
          <Link href={rulePath(id)} className="strong">
            {rule.name}
          </Link>
          <SourceTag source={source} isChanged={isChanged} />
          <p className="quiet wrap">{rule.advice}</p>
        </div>
      ),
    },
    {
      key: "condition",
      label: "Condition",
      cell: ({ rule }) =>
        conditionOf(
          rule,
          signals.find((one) => one.id === rule.signal),
        ),
    },
    { key: "severity", label: "Severity", cell: ({ rule }) => <SeverityMark severity={rule.severity} /> },
    { key: "firing", label: "Firing", numeric: true, cell: ({ firing }) => count(firing) },
    {
      key: "enabled",
      label: "On",
      cell: ({ id, rule, enabled, revision, source }) => (
        <input
          type="checkbox"
          role="switch"
          aria-checked={enabled}
          checked={enabled}
          disabled={refusal !== null || source === "file" || enable.isPending}
          title={refusal ?? undefined}
          aria-label={`${rule.name} is on`}
          onChange={(event) => enable.mutate({ id, enabled: event.target.checked, revision })}
        />
      ),
    },
    {
      key: "try",
      label: "Actions",
      cell: ({ id, rule }) => (
        <span className="row">
          <button
            type="button"
            className="field"
            aria-pressed={tried === id}
            aria-label={`Test on history: ${rule.name}`}
            onClick={() => void setState({ rule: tried === id ? null : id })}
          >
            Test on history
          </button>
          <Link href={newRulePath({ copy: id })} className="field" aria-label={`Duplicate ${rule.name}`}>
            Duplicate
          </Link>
        </span>
      ),
    },
  ]
  return (
    <Query of={rules}>
      {(listed) => {
        const chosen = listed.rules.find((one) => one.id === tried)
        return (
          <>
            <FileProblems problems={listed.fileProblems} />
            {chosen && (
              <BackTest
                rule={chosen.rule}
                signal={listed.signals.find((one) => one.id === chosen.rule.signal)}
              />
            )}
            <section className="panel" aria-label="Rules">
              <div className="row">
                <Link href={newRulePath()} className="field act">
                  New rule
                </Link>
                <span className="grow" />
                <ExportRules />
              </div>
              <MutationError of={enable} />
              <Table
                label="Alert rules"
                columns={columnsOf(listed)}
                rows={listed.rules}
                keyOf={({ id }) => id}
              />
            </section>
          </>
        )
      }}
    </Query>
  )
}

/** What is wrong with the rules of signalbox.yaml; what they were before goes on. */
function FileProblems({ problems }: { problems: readonly string[] }) {
  if (problems.length === 0) return null
  return (
    <section className="panel" aria-label="signalbox.yaml">
      <h2 className="warn">Rules of signalbox.yaml with mistakes</h2>
      {problems.map((problem) => (
        <p key={problem} className="wrap">
          {problem}
        </p>
      ))}
    </section>
  )
}
