"use client"

import { IconProgress } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import type { JobView } from "#server/jobs/index.ts"
import { useTRPC } from "../trpc/client.tsx"
import { count, duration, plural, rate } from "../ui/format.ts"
import { Popover } from "../ui/popover.tsx"
import { failurePath, topicPath } from "./paths.ts"

/** How often it is asked again, in ms: while there is something to follow, and while there is nothing. */
const FOLLOWING_MS = 1500
const WAITING_MS = 5000

/** The replays and searches that go on, whoever began them. Nothing while there are none. */
export function JobsMenu() {
  const trpc = useTRPC()
  const { data: jobs = [] } = useQuery({
    ...trpc.live.jobs.queryOptions(),
    refetchInterval: ({ state }) => (state.data?.length ? FOLLOWING_MS : WAITING_MS),
  })
  if (jobs.length === 0) return null
  const summary = (
    <span className="row tight">
      <IconProgress size={16} aria-hidden="true" /> {count(jobs.length)}
    </span>
  )
  return (
    <Popover summary={summary} label={plural(jobs.length, "running job", "running jobs")}>
      <ul className="views stack">
        {jobs.map((job) => (
          <Job key={job.id} job={job} />
        ))}
      </ul>
    </Popover>
  )
}

function Job({ job }: { job: JobView }) {
  const { at, state } = job
  const name = "failure" in at ? `Replay for ${job.of}` : `Search in ${at.destination}`
  const path =
    "failure" in at
      ? failurePath(job.cluster, at.failure)
      : `${topicPath(job.cluster, at.destination)}?tab=messages&job=${encodeURIComponent(job.id)}`
  return (
    <li>
      <Link href={path}>{name}</Link>
      <progress className="progress" value={job.done} max={Math.max(1, job.total)} aria-label={name} />
      <span className="quiet help">
        {state !== "running" && <span className="warn">{state} · </span>}
        {count(job.done)} of {count(job.total)}
        {job.rate !== null && job.rate > 0 && ` · ${rate(job.rate)}`}
        {job.leftMs !== null && job.leftMs > 0 && ` · ${duration(job.leftMs)} left`}
      </span>
    </li>
  )
}
