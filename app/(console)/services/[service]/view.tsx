"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { useQueryStates } from "nuqs"
import { HOME } from "#app/(console)/home.ts"
import { OneMonth } from "#app/(console)/one-month.tsx"
import { newRulePath, serviceSpansPath } from "#app/(console)/paths.ts"
import { Allowed } from "#app/access/allowed.tsx"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Fact } from "#app/ui/fact.tsx"
import { latency, percent, rate } from "#app/ui/format.ts"
import { shownName } from "#app/ui/name.ts"
import { PageHead } from "#app/ui/page-head.tsx"
import type { Range } from "#app/ui/range/range.ts"
import { useRange } from "#app/ui/range/use-range.ts"
import { Loading, Query } from "#app/ui/states.tsx"
import { Tabs } from "#app/ui/tabs.tsx"
import { Value } from "#app/ui/value.tsx"
import type { ServiceView } from "#server/traces/index.ts"
import { NO_CALLS, Systems } from "../columns.tsx"
import { minutesOf } from "../minutes.ts"
import { Calls } from "./calls.tsx"
import { ServiceCharts } from "./charts.tsx"
import { Dependencies } from "./dependencies.tsx"
import { Errors } from "./errors.tsx"
import { Findings } from "./findings.tsx"
import { Instances } from "./instances.tsx"
import { ObjectiveStrip, SetObjective } from "./objective.tsx"
import type { OfService } from "./of-service.ts"
import { Operations } from "./operations.tsx"
import { servicePageParams } from "./search-params.ts"

const ABOVE = [...HOME, { href: "/services", label: "Services" }]
const NAMES = {
  operations: "Operations",
  callers: "Callers and callees",
  dependencies: "Dependencies",
  instances: "Instances",
  errors: "Errors",
}

/** What a service did within the time range at the top: how often it was called, how it failed, how long it took, and why. */
export function ServicePage({ service }: { service: string }) {
  const range = useRange()
  return (
    <>
      <PageHead
        above={ABOVE}
        title={shownName(service)}
        kind="service"
        acts={<Acts service={service} range={range} />}
      />
      <Allowed permission="trace.read">
        {range ? <Loaded service={service} range={range} /> : <Loading />}
      </Allowed>
    </>
  )
}

/** Asked once, however many parts of the page show it. */
function useService(service: string, range: Range | null) {
  const isAllowed = useRefusal("trace.read") === null
  const { from, to } = minutesOf(range ?? { from: 0, to: 0 })
  return useQuery({
    ...useTRPC().traces.service.queryOptions({ service, from, to }),
    enabled: isAllowed && range !== null,
    placeholderData: keepPreviousData,
  })
}

function Acts({ service, range }: { service: string; range: Range | null }) {
  const { data } = useService(service, range)
  const objective = data?.summary.objective ?? null
  // With an objective, how fast it is used up says more than errors alone.
  const signal = objective ? "service-burn-rate" : "service-error-rate"
  return (
    <>
      {data && <SetObjective service={service} objective={objective} />}
      <Link className="field" href={newRulePath({ signal, include: service })}>
        Create alert
      </Link>
      <Link className="field act" href={serviceSpansPath(service)}>
        Search traces
      </Link>
    </>
  )
}

function Loaded({ service, range }: { service: string; range: Range }) {
  const of: OfService = { service, ...minutesOf(range) }
  const query = useService(service, range)
  return (
    <>
      <OneMonth range={range} />
      <Query of={query}>
        {(view) => (
          <>
            <ObjectiveStrip summary={view.summary} />
            <Numbers view={view} />
            <Findings of={of} />
            <ServiceCharts view={view} range={range} />
            <Parts view={view} of={of} />
          </>
        )}
      </Query>
    </>
  )
}

function Parts({ view, of }: { view: ServiceView; of: OfService }) {
  const [{ tab }, set] = useQueryStates(servicePageParams, { history: "push" })
  return (
    <>
      <Tabs label="Service" tabs={NAMES} chosen={tab} choose={(next) => void set({ tab: next })} />
      {tab === "operations" && <Operations view={view} service={of.service} />}
      {tab === "callers" && <Calls of={of} />}
      {tab === "dependencies" && <Dependencies of={of} />}
      {tab === "instances" && <Instances of={of} />}
      {tab === "errors" && <Errors of={of} />}
    </>
  )
}

function Numbers({ view: { summary } }: { view: ServiceView }) {
  const took = (ms: number | null) => <Value of={ms} as={latency} why={NO_CALLS} />
  return (
    <section className="panel" aria-label="Summary">
      <dl className="facts">
        <Fact term={summary.counted === "all" ? "Spans" : "Calls"}>
          <Value of={summary.calls === 0 ? null : summary.callsPerSecond} as={rate} why={NO_CALLS} />
        </Fact>
        <Fact term="Errors">
          <Value of={summary.errorRate} as={percent} why={NO_CALLS} bad={summary.errors > 0} />
        </Fact>
        <Fact term="p50">{took(summary.p50Ms)}</Fact>
        <Fact term="p95">{took(summary.p95Ms)}</Fact>
        <Fact term="p99">{took(summary.p99Ms)}</Fact>
        <Fact term="Called by">
          <Systems row={summary} />
        </Fact>
      </dl>
    </section>
  )
}
