"use client"

import Link from "next/link"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { duration, exactMoment, plural } from "#app/ui/format.ts"
import { Mark } from "#app/ui/mark.tsx"
import { Moment } from "#app/ui/moment.tsx"
import { useNow } from "#app/ui/now.ts"
import { Sparkline } from "#app/ui/sparkline.tsx"
import { alertPagePath } from "../paths.ts"
import { Acknowledge, SilenceLink } from "./acts.tsx"
import { alertPath } from "./alert-path.ts"
import { SEVERITY_LOOKS, SeverityMark } from "./severity.tsx"
import { SEVERITY_TONES } from "./severity-tone.ts"

type Alert = RouterOutputs["alerts"]["list"]["rows"][number]
type Spark = RouterOutputs["alerts"]["sparks"][number]

/** One alert that fires or is pending: what is wrong, since when, how its signal went, and what can be done. */
export function AlertCard({ alert, spark }: { alert: Alert; spark: Spark | undefined }) {
  const path = alertPath(alert)
  const isQuiet = alert.acknowledged !== null || alert.silence !== null || alert.explainedBy !== null
  return (
    <li className={`alert-card ${SEVERITY_LOOKS[alert.severity].tone}${isQuiet ? " handled" : ""}`}>
      <div className="said">
        <p className="row tight">
          <SeverityMark severity={alert.severity} {...(isQuiet ? {} : { on: "solid" as const })} />
          <States alert={alert} />
          <span className="quiet note">
            {alert.rule}
            {alert.cluster !== null && ` · ${alert.cluster}`} · <Since alert={alert} />
          </span>
        </p>
        <p className="sentence wrap">
          <Link href={alertPagePath(alert.id)}>{alert.sentence}</Link>
        </p>
        {alert.advice !== "" && <p className="quiet note wrap">{alert.advice}</p>}
        <Remarks alert={alert} />
      </div>
      <Signal alert={alert} spark={spark} />
      <div className="row tight acts">
        <Acknowledge alert={alert} />
        <SilenceLink alert={alert} />
        {path !== null && (
          <Link className="field" href={path} aria-label={`Open what it is about: ${alert.sentence}`}>
            Open
          </Link>
        )}
      </div>
    </li>
  )
}

/** What else is to be known of its state, as marks. */
export function States({ alert }: { alert: Alert }) {
  const { state, flapping, acknowledged, silence, explainedBy } = alert
  return (
    <>
      {state === "pending" && <Mark look={{ shape: "clock", tone: "quiet" }}>pending</Mark>}
      {flapping && (
        <Mark
          look={{ shape: "arrow", tone: "notice" }}
          title="It fires and ends so often that it is held as one alert until it is calm."
        >
          flapping
        </Mark>
      )}
      {acknowledged && <Mark look={{ shape: "check", tone: "good" }}>acknowledged</Mark>}
      {silence && <Mark look={{ shape: "ring", tone: "quiet" }}>silenced</Mark>}
      {explainedBy && <Mark look={{ shape: "ring", tone: "quiet" }}>explained</Mark>}
    </>
  )
}

/** Who acknowledged it, until when it is silenced, and which alert explains it or is explained by it. */
export function Remarks({ alert }: { alert: Alert }) {
  const { acknowledged, silence, explainedBy, explains, runbook } = alert
  return (
    <>
      {acknowledged && (
        <p className="note wrap">
          acknowledged by {acknowledged.by}, <Moment at={acknowledged.at} className="quiet" />
          {acknowledged.comment !== null && `: ${acknowledged.comment}`}
        </p>
      )}
      {silence && (
        <p className="note">
          silenced{" "}
          {silence.endsAt !== null && (
            <>
              until <Moment at={silence.endsAt} />
            </>
          )}
        </p>
      )}
      {explainedBy && (
        <p className="note wrap">
          Explained by <Link href={alertPagePath(explainedBy.id)}>{explainedBy.sentence}</Link> (no separate
          notifications while it lasts)
        </p>
      )}
      {explains > 0 && (
        <p className="note">
          Explains {plural(explains, "other alert", "other alerts")}, without separate notifications.
        </p>
      )}
      {runbook !== "" && (
        <p className="note">
          <a href={runbook} rel="noreferrer" target="_blank">
            Runbook
          </a>
        </p>
      )}
    </>
  )
}

export function Since({ alert }: { alert: Alert }) {
  const now = useNow()
  const at = alert.firedAt ?? alert.startedAt
  return (
    <time dateTime={new Date(at).toISOString()} title={exactMoment(at)}>
      {now !== null && `for ${duration(Math.max(1000, now - at))}`}
    </time>
  )
}

function Signal({ alert, spark }: { alert: Alert; spark: Spark | undefined }) {
  if (spark === undefined) return <div className="signal" />
  const { label, values, threshold } = spark
  return (
    <div className="signal">
      <Sparkline
        values={values}
        limit={threshold}
        tone={SEVERITY_TONES[alert.severity]}
        label={`${label} in the last hour${threshold === null ? "" : ", with its threshold"}`}
        wide
      />
      <span className="quiet note">{label}, last hour</span>
    </div>
  )
}
