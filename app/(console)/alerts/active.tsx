"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useQueryStates } from "nuqs"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { plural } from "#app/ui/format.ts"
import { Pager } from "#app/ui/pager.tsx"
import { Empty, Query } from "#app/ui/states.tsx"
import { AlertCard } from "./card.tsx"
import { alertParams } from "./search-params.ts"

type Alert = RouterOutputs["alerts"]["list"]["rows"][number]
type Spark = RouterOutputs["alerts"]["sparks"][number]

const AGAIN_MS = 5000
/** The values are kept by the minute. */
const SPARKS_AGAIN_MS = 30_000

/** What fires now, the most urgent first, and what may fire soon. */
export function ActiveAlerts() {
  const trpc = useTRPC()
  const [{ page }, setState] = useQueryStates(alertParams, { history: "push" })
  const alerts = useQuery({
    ...trpc.alerts.list.queryOptions({ state: "active", page }),
    refetchInterval: AGAIN_MS,
  })
  const ids = alerts.data?.rows.map(({ id }) => id) ?? []
  const sparks = useQuery({
    ...trpc.alerts.sparks.queryOptions({ ids: ids.toSorted() }),
    enabled: ids.length > 0,
    refetchInterval: SPARKS_AGAIN_MS,
    placeholderData: keepPreviousData,
  })
  const byId = new Map(sparks.data?.map((one) => [one.id, one]))
  return (
    <Query of={alerts}>
      {({ rows, total }) => (
        <>
          <Listed
            label="Firing"
            none="Nothing is firing."
            alerts={rows.filter(({ state }) => state === "firing").toSorted(causesFirst)}
            sparks={byId}
          />
          <Listed label="Pending" alerts={rows.filter(({ state }) => state === "pending")} sparks={byId} />
          <Pager page={page} go={(next) => void setState({ page: next })} total={total} />
        </>
      )}
    </Query>
  )
}

/** What another alert explains stands below what nothing does. */
function causesFirst(a: Alert, b: Alert): number {
  return Number(a.explainedBy !== null) - Number(b.explainedBy !== null)
}

interface Props {
  label: string
  /** What is said when there are none; absent: nothing. */
  none?: string
  alerts: readonly Alert[]
  sparks: ReadonlyMap<string, Spark>
}

function Listed({ label, none, alerts, sparks }: Props) {
  if (alerts.length === 0 && none === undefined) return null
  return (
    <section className="panel" aria-label={label}>
      <div className="row">
        <h2 className="grow">{label}</h2>
        {alerts.length > 0 && <span className="quiet">{plural(alerts.length, "alert", "alerts")}</span>}
      </div>
      {alerts.length === 0 ? (
        <Empty>{none}</Empty>
      ) : (
        <ul className="alert-cards" aria-label={`${label} alerts`}>
          {alerts.map((alert) => (
            <AlertCard key={alert.id} alert={alert} spark={sparks.get(alert.id)} />
          ))}
        </ul>
      )}
    </section>
  )
}
