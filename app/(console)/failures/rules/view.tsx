"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import Link from "next/link"
import { parseAsString, useQueryState } from "nuqs"
import { HOME } from "#app/(console)/home.ts"
import { topicPath } from "#app/(console)/paths.ts"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { count } from "#app/ui/format.ts"
import { PageHead } from "#app/ui/page-head.tsx"
import { Select } from "#app/ui/select.tsx"
import { Empty, MutationError, Query } from "#app/ui/states.tsx"
import { Table } from "#app/ui/table.tsx"
import type { RuleList } from "#server/failures/index.ts"
import { RuleForm } from "./form.tsx"

/** Which destinations of a cluster are read as dead letters, why, and the rules that say otherwise. */
export function RulesView() {
  const trpc = useTRPC()
  const names = useQuery(trpc.clusters.names.queryOptions())
  const [asked, set] = useQueryState("cluster", parseAsString.withDefault(""))
  return (
    <>
      <PageHead above={[...HOME, { href: "/failures", label: "Failures" }]} title="Dead-letter rules" />
      <Query of={names}>
        {(clusters) => {
          const cluster = asked || clusters[0]?.slug
          if (!cluster) return <Empty>No cluster is connected yet.</Empty>
          return (
            <>
              {clusters.length > 1 && (
                <Select
                  label="Cluster"
                  value={cluster}
                  options={clusters.map(({ slug, name }) => ({ value: slug, label: name }))}
                  onChange={(slug) => void set(slug)}
                />
              )}
              <Rules key={cluster} cluster={cluster} />
            </>
          )
        }}
      </Query>
    </>
  )
}

function Rules({ cluster }: { cluster: string }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.failures.rules.queryOptions({ cluster }))
  return (
    <Query of={query}>
      {({ rules, destinations, destinationCount }) => (
        <>
          <section className="panel" aria-label="Read now">
            <h2>Read now</h2>
            {destinations.length === 0 ? (
              <Empty>
                None: no destination is named like orders.DLT, orders-dlt, orders.dlq, orders-dead-letter or
                orders.retry, and no rule names another.
              </Empty>
            ) : (
              <Table
                label="Destinations that are read"
                columns={[
                  {
                    key: "name",
                    label: "Destination",
                    cell: (one) => <Link href={topicPath(cluster, one.name)}>{one.name}</Link>,
                  },
                  {
                    key: "by",
                    label: "Because of",
                    cell: (one) => (one.by === "rule" ? "a rule" : "its name"),
                  },
                  {
                    key: "messages",
                    label: "Dead letters",
                    numeric: true,
                    cell: (one) => `${count(one.messages)}${one.isMore ? "+" : ""}`,
                  },
                  {
                    key: "problem",
                    label: "Trouble",
                    cell: (one) => <span className="bad wrap">{one.problem}</span>,
                  },
                ]}
                rows={destinations}
                keyOf={(one) => one.name}
              />
            )}
            {destinationCount > destinations.length && (
              <p className="quiet">and {count(destinationCount - destinations.length)} more</p>
            )}
          </section>
          <section className="panel" aria-label="Rules">
            <h2>Rules</h2>
            {rules.length === 0 && <Empty>No rule yet: names decide alone.</Empty>}
            {rules.map((rule) => (
              <Rule key={rule.pattern} cluster={cluster} rule={rule} />
            ))}
            <RuleForm cluster={cluster} />
          </section>
        </>
      )}
    </Query>
  )
}

function Rule({ cluster, rule }: { cluster: string; rule: RuleList["rules"][number] }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const refused = useRefusal("failure.configure", cluster)
  const remove = useMutation(
    trpc.failures.removeRule.mutationOptions({
      onSuccess: () => client.invalidateQueries({ queryKey: trpc.failures.pathKey() }),
    }),
  )
  const mapped = Object.entries(rule.mapping ?? {}).filter(([, name]) => typeof name === "string")
  return (
    <div className="row replay">
      <span className="mono strong wrap">{rule.pattern}</span>
      <span className="grow wrap">
        {rule.holds ? "holds dead letters" : "holds no dead letters"}
        {mapped.length > 0 && (
          <span className="quiet"> · {mapped.map(([what, name]) => `${what}: ${name}`).join(", ")}</span>
        )}
      </span>
      <MutationError of={remove} inline />
      <button
        type="button"
        className="field"
        disabled={refused !== null || remove.isPending}
        title={refused ?? undefined}
        onClick={() => remove.mutate({ cluster, pattern: rule.pattern })}
      >
        Remove
      </button>
    </div>
  )
}
