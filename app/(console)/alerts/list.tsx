"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import Link from "next/link"
import { useQueryStates } from "nuqs"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { duration } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { useNow } from "#app/ui/now.ts"
import { Empty, MutationError, Query } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import { formatMatchers } from "#server/alerts/matcher-text.ts"
import { alertPath } from "./alert-path.ts"
import { alertParams } from "./search-params.ts"
import { SeverityMark } from "./severity.tsx"

type Alert = RouterOutputs["alerts"]["list"]["rows"][number]

const AGAIN_MS = 5000

/** Alerts, the most urgent or the latest first. */
export function AlertTable({ state }: { state: "active" | "resolved" }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [{ page }, setState] = useQueryStates(alertParams, { history: "push" })
  const alerts = useQuery({
    ...trpc.alerts.list.queryOptions({ state, page }),
    ...(state === "active" ? { refetchInterval: AGAIN_MS } : {}),
  })
  const acknowledge = useMutation(
    trpc.alerts.acknowledge.mutationOptions({
      onSuccess: () => client.invalidateQueries({ queryKey: trpc.alerts.pathKey() }),
    }),
  )
  const refusal = useRefusal("alert.acknowledge")
  const columns: Column<Alert>[] = [
    { key: "severity", label: "Severity", cell: (alert) => <SeverityMark severity={alert.severity} /> },
    { key: "what", label: "What", cell: (alert) => <What alert={alert} /> },
    { key: "rule", label: "Rule", cell: (alert) => alert.rule },
    { key: "since", label: state === "active" ? "Since" : "Fired", cell: (alert) => <Since alert={alert} /> },
    state === "active"
      ? {
          key: "acts",
          label: "Actions",
          cell: (alert) => (
            <span className="row tight">
              <Acknowledge
                alert={alert}
                refusal={refusal}
                act={(acknowledged) => acknowledge.mutate({ id: alert.id, acknowledged })}
              />
              <Silence alert={alert} />
            </span>
          ),
        }
      : { key: "lasted", label: "Lasted", numeric: true, cell: lasted },
  ]
  return (
    <section className="panel" aria-label={state === "active" ? "Firing and pending" : "Resolved"}>
      <MutationError of={acknowledge} />
      <Query of={alerts}>
        {({ rows, total }) =>
          rows.length === 0 ? (
            <Empty>{state === "active" ? "Nothing is firing." : "No alert has been resolved yet."}</Empty>
          ) : (
            <Table
              label={state === "active" ? "Alerts that fire or are pending" : "Resolved alerts"}
              columns={columns}
              rows={rows}
              keyOf={(alert) => alert.id}
              order={{ sort: "", dir: "asc", page }}
              setOrder={(order) => void setState({ page: order.page ?? 1 })}
              total={total}
            />
          )
        }
      </Query>
    </section>
  )
}

function What({ alert }: { alert: Alert }) {
  const path = alertPath(alert)
  return (
    <div>
      {path === null ? alert.sentence : <Link href={path}>{alert.sentence}</Link>}
      <p className="quiet wrap">
        {[alert.cluster, alert.state === "pending" ? "pending" : null, alert.flapping ? "flapping" : null]
          .filter((one) => one !== null)
          .join(" · ")}
        {alert.advice !== "" && (
          <>
            {" · "}
            {alert.advice}
          </>
        )}
        {alert.runbook !== "" && (
          <>
            {" "}
            <a href={alert.runbook} rel="noreferrer" target="_blank">
              Runbook
            </a>
          </>
        )}
      </p>
    </div>
  )
}

function Since({ alert }: { alert: Alert }) {
  const now = useNow()
  const at = alert.firedAt ?? alert.startedAt
  if (alert.state === "resolved") return <Moment at={at} />
  return (
    <>
      {now !== null && duration(Math.max(1000, now - at))} <Moment at={at} className="quiet" />
    </>
  )
}

function lasted({ firedAt, startedAt, resolvedAt }: Alert): string {
  return resolvedAt === null ? "" : duration(resolvedAt - (firedAt ?? startedAt))
}

function Acknowledge(props: { alert: Alert; refusal: string | null; act: (acknowledged: boolean) => void }) {
  const { alert, refusal, act } = props
  if (alert.state !== "firing") return null
  if (alert.acknowledged)
    return (
      <span className="quiet">
        acknowledged by {alert.acknowledged.by}{" "}
        <button type="button" className="field" disabled={refusal !== null} onClick={() => act(false)}>
          Take back
        </button>
      </span>
    )
  return (
    <button
      type="button"
      className="field"
      disabled={refusal !== null}
      title={refusal ?? undefined}
      aria-label={`Acknowledge: ${alert.sentence}`}
      onClick={() => act(true)}
    >
      Acknowledge
    </button>
  )
}

/** The silence that holds, or the way to the form of one, filled with the labels of the alert. */
function Silence({ alert }: { alert: Alert }) {
  if (alert.silence)
    return (
      <span className="quiet">
        silenced
        {alert.silence.endsAt !== null && (
          <>
            {" "}
            until <Moment at={alert.silence.endsAt} />
          </>
        )}
      </span>
    )
  const matchers = Object.entries(alert.labels).map(([label, value]) => ({ label, op: "=" as const, value }))
  const query = new URLSearchParams({ tab: "silences", matchers: formatMatchers(matchers) })
  return (
    <Link className="field" href={`/alerts?${query}`} aria-label={`Silence: ${alert.sentence}`}>
      Silence
    </Link>
  )
}
