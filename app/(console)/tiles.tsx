"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import type { ReactNode } from "react"
import type { ClusterSummary } from "#server/clusters/index.ts"
import { useTRPC } from "../trpc/client.tsx"
import { TONES } from "../ui/chart/tones.ts"
import { count, rate } from "../ui/format.ts"
import { Sparkline } from "../ui/sparkline.tsx"
import { Value, WHY } from "../ui/value.tsx"
import { useClusterFilter } from "./cluster-filter.tsx"
import { rateBound } from "./group-bounds.ts"

const WHY_NO_TREND = "No cluster was sampled in the last minutes."

/** What goes on in all clusters that are shown, in six numbers, each with how it came about in the last hour. */
export function Tiles({ clusters }: { clusters: ClusterSummary[] }) {
  const trpc = useTRPC()
  const chosen = useClusterFilter()
  const rates = useQuery(trpc.clusters.rates.queryOptions({}))
  const trends = useQuery(trpc.alerts.trends.queryOptions({ clusters: chosen }))
  const failures = useQuery(trpc.failures.count.queryOptions())
  const shown = (rates.data ?? []).filter((one) => clusters.some(({ slug }) => slug === one.cluster))
  const { unread = [], lost = [], deadLetters = [], firing = [] } = trends.data ?? {}
  const lostLastHour = lost.filter((_, minute) => minute % LOST_WINDOW === LOST_WINDOW - 1)
  const lostNow = lostLastHour.every((one) => one === null)
    ? null
    : lostLastHour.reduce<number>((sum, one) => sum + (one ?? 0), 0)
  const failing = failures.data?.active
  return (
    <dl className="tiles">
      <Tile term="Produced, last 1 min">
        <Total
          of={clusters.map((one) => one.produceRate)}
          partial={clusters.some((one) => one.produceRatePartial)}
        />
        <Trend
          values={sumOf(shown.map((one) => one.produced))}
          label="Messages produced per second"
          tone={TONES.produced}
        />
      </Tile>
      <Tile term="Consumed by all groups, last 1 min">
        <Total
          of={clusters.map((one) => one.consumeRate)}
          partial={clusters.some((one) => one.consumeRatePartial)}
        />
        <Trend
          values={sumOf(shown.map((one) => one.consumed))}
          label="Messages consumed per second"
          tone={TONES.consumed}
        />
      </Tile>
      <Tile term="Unread by all groups">
        <Link href="/lag?sort=lag" className="number">
          <Value of={lastOf(unread)} as={count} why={WHY_NO_TREND} />
        </Link>
        <Trend values={unread} label="Unread messages" tone={TONES.lag} />
      </Tile>
      <Tile term="Lost, last hour">
        <Link href="/lag?sort=lost" className={lostNow ? "number bad" : "number"}>
          <Value of={lostNow} as={count} why={WHY_NO_TREND} />
        </Link>
        <Trend values={lost} label="Messages lost in ten minutes" tone={TONES.lost} />
      </Tile>
      <Tile term="Open failures">
        <Link href="/failures" className={(failing ?? 0) > 0 ? "number bad" : "number"}>
          {count(failing)}
        </Link>
        <Trend values={deadLetters} label="Dead letters per second" tone={TONES.failed} />
      </Tile>
      <Tile term="Firing alerts">
        <Link href="/alerts" className={(lastOf(firing) ?? 0) > 0 ? "number bad" : "number"}>
          <Value of={lastOf(firing)} as={count} why={WHY_NO_TREND} />
        </Link>
        <Trend values={firing} label="Alerts that fired" tone={TONES.partial} />
      </Tile>
    </dl>
  )
}

/** The signal counts the losses of so many minutes: every tenth value of it tells the hour once. */
const LOST_WINDOW = 10

function Tile(props: { term: string; children: ReactNode }) {
  return (
    <div className="panel tile">
      <dt>{props.term}</dt>
      <dd>{props.children}</dd>
    </div>
  )
}

function Trend(props: { values: readonly (number | null)[]; label: string; tone: string }) {
  return <Sparkline wide values={props.values} label={`${props.label}, last hour`} tone={props.tone} />
}

/** The sum of what is known; a lower bound where something is not. */
function Total({ of, partial }: { of: (number | null)[]; partial: boolean }) {
  const known = of.filter((one) => one !== null)
  const sum = known.length === 0 ? null : known.reduce((total, one) => total + one, 0)
  return (
    <span className="number">
      <Value of={sum} as={rate} why={WHY.rate} bound={rateBound(partial || known.length < of.length)} />
    </span>
  )
}

/** The newest that is known of the last minutes: an older one is not what is now. */
function lastOf(values: readonly (number | null)[]): number | null {
  return values.slice(-RECENT_MINUTES).findLast((value) => value !== null) ?? null
}

const RECENT_MINUTES = 3

/** Minute by minute; a gap where a cluster has one, as a sum without it would look like a fall. */
function sumOf(lines: (number | null)[][]): (number | null)[] {
  const [first = []] = lines
  return first.map((_, i) =>
    lines.reduce<number | null>((sum, line) => {
      const value = line[i] ?? null
      return sum === null || value === null ? null : sum + value
    }, 0),
  )
}
