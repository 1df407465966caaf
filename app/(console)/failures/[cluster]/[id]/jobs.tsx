"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useEffect, useRef } from "react"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { count, duration, rate } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import type { ReplayView } from "#server/failures/index.ts"
import type { FailureKey } from "./failure-key.ts"

const MAX_SHOWN = 5

/** The replays of a failure, the running ones as they go. */
export function Jobs({ failure }: { failure: FailureKey }) {
  const jobs = useReplays(failure)
  if (jobs.length === 0) return null
  return (
    <section className="panel" aria-label="Replays" id="replays">
      <h2>Replays</h2>
      {jobs.slice(0, MAX_SHOWN).map((job) => (
        <Job key={job.id} job={job} />
      ))}
    </section>
  )
}

const OVER: readonly ReplayView["state"][] = ["done", "cancelled"]

/** Those that are not over, and the one that was started here, with its result. */
export function RunningJobs({ failure, started }: { failure: FailureKey; started: string | null }) {
  const replays = useReplays(failure)
  useFreshLetters(replays)
  return replays
    .filter(({ id, state }) => id === started || !OVER.includes(state))
    .map((job) => <Job key={job.id} job={job} />)
}

/** What was sent again shows in the list as soon as the job says so. */
function useFreshLetters(replays: ReplayView[]): void {
  const trpc = useTRPC()
  const client = useQueryClient()
  const progress = replays.map(({ id, state, sent }) => `${id} ${state} ${sent}`).join()
  const before = useRef(progress)
  useEffect(() => {
    if (before.current === progress) return
    before.current = progress
    for (const queryKey of [trpc.failures.letters.queryKey(), trpc.failures.get.queryKey()])
      void client.invalidateQueries({ queryKey })
  }, [trpc, client, progress])
}

function useReplays({ cluster, id }: FailureKey): ReplayView[] {
  const trpc = useTRPC()
  const query = useQuery({
    ...trpc.failures.replays.queryOptions({ cluster, id }),
    refetchInterval: ({ state }) => (state.data?.some((job) => job.state === "running") ? 700 : false),
  })
  return query.data ?? []
}

/** 12 × The broker has deleted it. */
function saysOf({ reason, messages }: ReplayView["notSent"][number]): string {
  return `${count(messages)} × ${reason}`
}

function Job({ job }: { job: ReplayView }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const refused = useRefusal("failure.replay", job.cluster)
  const control = useMutation(
    trpc.failures.controlReplay.mutationOptions({
      onSuccess: () => client.invalidateQueries({ queryKey: trpc.failures.pathKey() }),
    }),
  )
  const worked = job.sent + job.missing
  const button = (act: "pause" | "resume" | "cancel", label: string) => (
    <button
      type="button"
      className="field"
      disabled={refused !== null || control.isPending}
      title={refused ?? undefined}
      onClick={() => control.mutate({ cluster: job.cluster, id: job.id, act })}
    >
      {label}
    </button>
  )
  return (
    <div className="row replay">
      <span className="strong">{job.state}</span>
      <progress
        value={worked}
        max={Math.max(1, job.total)}
        aria-label={`Replay of ${count(job.total)} messages`}
      />
      <span className="grow">
        {count(job.sent)} of {count(job.total)}
        {job.rate !== null && job.rate > 0 && <span className="quiet"> · {rate(job.rate)}</span>}
        {job.leftMs !== null && job.leftMs > 0 && (
          <span className="quiet"> · {duration(job.leftMs)} left</span>
        )}
        {" · "}
        <span className={job.failedAgain > 0 ? "bad" : "quiet"}>{count(job.failedAgain)} failed again</span>
        {job.missing > 0 && (
          <span className="warn wrap">
            {" · "}
            {count(job.missing)} not sent{job.notSent.length > 0 && `: ${job.notSent.map(saysOf).join(" ")}`}
          </span>
        )}
        {job.reason && <span className="warn wrap"> · {job.reason}</span>}
        {control.error && <span className="bad"> · {control.error.message}</span>}
        <br />
        <span className="quiet wrap">
          {job.createdBy}, <Moment at={job.createdAt} />
          {job.target && `, to ${job.target}`}
        </span>
      </span>
      {job.state === "running" && button("pause", "Pause")}
      {["paused", "stopped", "failed"].includes(job.state) && button("resume", "Resume")}
      {["running", "paused", "stopped", "failed"].includes(job.state) && button("cancel", "Cancel")}
    </div>
  )
}
