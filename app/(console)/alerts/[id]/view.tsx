"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { rulePath, timelinePath } from "#app/(console)/paths.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { duration } from "#app/ui/format.ts"
import { Mark } from "#app/ui/mark.tsx"
import { Moment } from "#app/ui/moment.tsx"
import { PageHead, StatusStrip } from "#app/ui/page-head.tsx"
import { Query } from "#app/ui/states.tsx"
import { AcknowledgeForm, SilenceLink } from "../acts.tsx"
import { alertPath } from "../alert-path.ts"
import { Remarks, Since, States } from "../card.tsx"
import { Happened } from "../happened.tsx"
import { SEVERITY_LOOKS, SeverityMark } from "../severity.tsx"
import { SignalChart } from "./signal-chart.tsx"

type Alert = RouterOutputs["alerts"]["get"]

const AGAIN_MS = 5000

/** One alert, where notifications lead: what is wrong, how its signal went, what happened, and what can be done. */
export function AlertView({ id }: { id: string }) {
  const trpc = useTRPC()
  const alert = useQuery({ ...trpc.alerts.get.queryOptions({ id }), refetchInterval: AGAIN_MS })
  return (
    <Query of={alert}>
      {(found) => (
        <>
          <Head alert={found} />
          <SignalChart id={id} severity={found.severity} isOver={found.state === "resolved"} />
          <div className="halves">
            <section className="panel" aria-label="What happened">
              <h2>What happened</h2>
              <Happened alert={found} />
            </section>
            <div className="column">
              {found.state === "firing" && (
                <section className="panel" aria-label="Acknowledge">
                  <h2>{found.acknowledged ? "Acknowledged" : "Acknowledge"}</h2>
                  <AcknowledgeForm alert={found} />
                </section>
              )}
              <Labels alert={found} />
            </div>
          </div>
        </>
      )}
    </Query>
  )
}

function Head({ alert }: { alert: Alert }) {
  const path = alertPath(alert)
  const isOver = alert.state === "resolved"
  return (
    <PageHead
      above={[{ href: "/alerts", label: "Alerts" }]}
      title={alert.rule}
      badge={
        <>
          {isOver ? (
            <Mark look={{ shape: "check", tone: "good" }}>resolved</Mark>
          ) : (
            <SeverityMark severity={alert.severity} on="solid" />
          )}
          <States alert={alert} />
        </>
      }
      kind={alert.cluster ?? "Signalbox"}
      age={<span className="quiet">{isOver ? <Lasted alert={alert} /> : <Since alert={alert} />}</span>}
      acts={
        <>
          <SilenceLink alert={alert} />
          {path !== null && (
            <Link className="field act" href={path}>
              Open
            </Link>
          )}
        </>
      }
    >
      <StatusStrip
        tone={isOver ? "good" : SEVERITY_LOOKS[alert.severity].tone}
        sentence={alert.sentence}
        advice={isOver || alert.advice === "" ? null : alert.advice}
      />
      <Remarks alert={alert} />
    </PageHead>
  )
}

function Lasted({ alert: { firedAt, startedAt, resolvedAt } }: { alert: Alert }) {
  return resolvedAt === null ? null : `lasted ${duration(resolvedAt - (firedAt ?? startedAt))}`
}

function Labels({ alert }: { alert: Alert }) {
  return (
    <section className="panel" aria-label="Labels">
      <h2>Labels</h2>
      <dl className="record">
        {Object.entries(alert.labels).map(([label, value]) => (
          <div key={label} className="pair">
            <dt>{label}</dt>
            <dd className="mono">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="note">
        <Link href={rulePath(alert.ruleId)}>Rule</Link> ·{" "}
        <Link href={timelinePath(alert.id)}>On the timeline</Link> · since{" "}
        <Moment at={alert.firedAt ?? alert.startedAt} />
      </p>
    </section>
  )
}
