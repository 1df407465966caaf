"use client"

import type { ReactNode } from "react"
import type { Problem } from "#server/brokers/broker.ts"
import type { Freshness } from "#server/clusters/index.ts"
import { duration, exactMoment } from "./format.ts"
import { useNow } from "./now.ts"

export function Loading() {
  return <div className="skeleton" role="status" aria-label="Loading" />
}

/** What would be here, and how to get it. */
export function Empty(props: { children: ReactNode }) {
  return <p className="quiet">{props.children}</p>
}

export function Failure(props: { error: { message: string }; retry?: () => void }) {
  return (
    <div className="panel" role="alert">
      <strong className="bad">Couldn't load this.</strong>
      <p>{props.error.message}</p>
      {props.retry && (
        <button type="button" className="field" onClick={props.retry}>
          Try again
        </button>
      )}
    </div>
  )
}

/** Why an act was refused, where it was tried. */
export function MutationError(props: { of: { error: { message: string } | null }; inline?: boolean }) {
  const { error } = props.of
  if (!error) return null
  const Tag = props.inline ? "span" : "p"
  return (
    <Tag className="bad" role="alert">
      {error.message}
    </Tag>
  )
}

interface Asked<Data> {
  data: Data | undefined
  error: { message: string } | null
  refetch: () => unknown
}

/** One query in each of its states; what was read before stays on the page when asking again fails. */
export function Query<Data>(props: { of: Asked<Data>; children: (data: Data) => ReactNode }) {
  const { data, error, refetch } = props.of
  if (data === undefined) return error ? <Failure error={error} retry={() => void refetch()} /> : <Loading />
  return (
    <>
      {error && <p className="bad">These numbers may be old: {error.message}</p>}
      {props.children(data)}
    </>
  )
}

/** What could not be read, each by its name. */
export function Problems(props: { problems: Problem[] }) {
  if (props.problems.length === 0) return null
  return (
    <section className="panel" aria-label="Not read">
      <h2 className="warn">Not everything could be read</h2>
      <ul className="bullets">
        {props.problems.slice(0, 20).map((problem) => (
          <li key={problem.message}>
            {problem.message} <span className="quiet mono">{problem.code}</span>
          </li>
        ))}
      </ul>
      {props.problems.length > 20 && <p className="quiet">and {props.problems.length - 20} more</p>}
    </section>
  )
}

/** How old the numbers are, and why, when they are older than two sampling intervals: then all beside it is grey. */
export function Age(props: { freshness: Pick<Freshness, "sampledAt" | "intervalMs" | "error"> }) {
  const now = useNow()
  const { sampledAt, intervalMs, error } = props.freshness
  if (sampledAt === null)
    return <span className="quiet">{error ? `Never sampled: ${error}` : "Not sampled yet"}</span>
  if (now === null) return null
  const age = Math.max(0, now - sampledAt)
  if (!isStale(age, intervalMs))
    return (
      <span className="quiet" title={exactMoment(sampledAt)}>
        {age < 1000 ? "1 s" : duration(age)} ago
      </span>
    )
  return (
    <span className="warn old" title={exactMoment(sampledAt)}>
      Stale: numbers are {duration(age)} old. {error ?? "No collector has sampled it since."}
    </span>
  )
}

/** The same for a row of many: nothing as long as its numbers are fresh. */
export function OldMark(props: { sampledAt: number | null; intervalMs: number }) {
  const now = useNow()
  const { sampledAt, intervalMs } = props
  if (sampledAt === null || now === null || !isStale(now - sampledAt, intervalMs)) return null
  return (
    <span className="warn old" title={`Not seen by any sweep since ${exactMoment(sampledAt)}.`}>
      {" "}
      {duration(now - sampledAt)} old
    </span>
  )
}

const ON_THE_WAY_MS = 2000

function isStale(ageMs: number, intervalMs: number): boolean {
  return ageMs > 2 * intervalMs + ON_THE_WAY_MS
}
