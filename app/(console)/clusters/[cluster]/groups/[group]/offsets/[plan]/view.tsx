"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { useQueryStates } from "nuqs"
import { useCrumbs } from "#app/(console)/crumbs.ts"
import { planPath, resetPath } from "#app/(console)/paths.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import type { Crumb } from "#app/ui/breadcrumb.tsx"
import { bytes, count, plural } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { PageHead } from "#app/ui/page-head.tsx"
import { Query } from "#app/ui/states.tsx"
import type { PlanView } from "#server/offsets/index.ts"
import { planParams } from "../search-params.ts"
import { STATES } from "../words.ts"
import { Act } from "./act.tsx"
import { Lines } from "./lines.tsx"

export interface PlanKey {
  cluster: string
  group: string
  plan: string
}

/** How soon a plan that can still change is asked for again, ms. */
const SOON_MS = 2000
const NOW_AND_THEN = 10_000

/** One plan: what it would do, partition by partition, and what became of it. */
export function PlanPage(props: PlanKey) {
  const trpc = useTRPC()
  const [{ show, page }] = useQueryStates(planParams)
  const query = useQuery(
    trpc.offsets.get.queryOptions(
      { ...props, show, page },
      {
        placeholderData: keepPreviousData,
        refetchInterval: ({ state }) =>
          state.data?.state === "armed" || state.data?.state === "applying" ? SOON_MS : NOW_AND_THEN,
      },
    ),
  )
  const above = useCrumbs(props.cluster, { kind: "group", name: props.group })
  return (
    <>
      <Head
        above={[...above, { href: resetPath(props.cluster, props.group), label: "Offsets" }]}
        of={query.data}
      />
      <Query of={query}>
        {(plan) => (
          <>
            <Effect plan={plan} />
            <Act plan={plan} />
            <Lines plan={plan} />
          </>
        )}
      </Query>
    </>
  )
}

function Head({ above, of: plan }: { above: readonly Crumb[]; of: PlanView | undefined }) {
  if (!plan) return <PageHead above={above} title="Reset plan" />
  return (
    <PageHead
      above={above}
      title={plan.existed ? plan.what : `Create ${plan.what}`}
      badge={<span className="tag">{STATES[plan.state]}</span>}
    >
      <p className="quiet flat">
        Previewed by {plan.createdBy}, <Moment at={plan.createdAt} />
        {plan.undoOf !== null && (
          <>
            {" "}
            · reverts <Link href={planPath(plan.cluster, plan.group, plan.undoOf)}>this reset</Link>
          </>
        )}
      </p>
    </PageHead>
  )
}

function Effect({ plan }: { plan: PlanView }) {
  const { totals } = plan
  return (
    <section className="panel" aria-label="Plan">
      <p className="strong flat">{effectOf(plan)}</p>
      <dl className="facts">
        <Fact term="Partitions that move" value={count(totals.moved)} />
        <Fact term="Read again" value={count(totals.again)} />
        <Fact term="Skipped" value={count(totals.skipped)} />
        <Fact term="Unread afterwards" value={count(totals.unread)} />
        <Fact term="About" value={bytes(totals.bytes)} />
        <Fact term="Unchanged" value={count(totals.unchanged)} />
        <Fact
          term="Adjusted to range"
          value={count(totals.clamped)}
          tone={totals.clamped > 0 ? "warn" : undefined}
        />
        <Fact
          term="Not possible"
          value={count(totals.troubled)}
          tone={totals.troubled > 0 ? "bad" : undefined}
        />
      </dl>
      {plan.warnings.map((warning) => (
        <p key={warning} className="warn note">
          <span aria-hidden="true">▲ </span>
          {warning}
        </p>
      ))}
    </section>
  )
}

function Fact(props: { term: string; value: string; tone?: "warn" | "bad" | undefined }) {
  return (
    <div>
      <dt>{props.term}</dt>
      <dd className={props.tone}>{props.value}</dd>
    </div>
  )
}

/** The plan in one sentence: what the consumers will see. */
function effectOf({ group, totals, existed }: PlanView): string {
  if (totals.moved === 0) {
    if (totals.troubled === 0) return "No change: the group is already at these offsets."
    return `Nothing can be moved now: ${plural(totals.troubled, "partition", "partitions")} cannot be planned, each with its reason below.`
  }
  const parts = [
    totals.again > 0 ? `${plural(totals.again, "message is", "messages are")} read again` : null,
    totals.skipped > 0 ? `${plural(totals.skipped, "message is", "messages are")} skipped` : null,
    totals.forgotten > 0 ? `${plural(totals.forgotten, "commit is", "commits are")} deleted` : null,
  ].filter((part) => part !== null)
  if (parts.length > 0) return `${parts.join(", ")} by ${group}.`
  return `${existed ? group : `The new group ${group}`} gets ${plural(totals.moved, "position", "positions")} where it has none.`
}
