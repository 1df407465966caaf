"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import type { ReactNode } from "react"
import type { ClusterSummary } from "#server/clusters/index.ts"
import { useTRPC } from "../trpc/client.tsx"
import { count, rate } from "../ui/format.ts"
import { Sparkline } from "../ui/sparkline.tsx"
import { Value, WHY } from "../ui/value.tsx"
import { rateBound } from "./group-bounds.ts"

/** What goes on in all clusters that are shown, in four numbers. */
export function Tiles({ clusters }: { clusters: ClusterSummary[] }) {
  const trpc = useTRPC()
  const rates = useQuery(trpc.clusters.rates.queryOptions({}))
  const failures = useQuery(trpc.failures.count.queryOptions())
  const shown = (rates.data ?? []).filter((one) => clusters.some(({ slug }) => slug === one.cluster))
  const unhealthy = clusters.reduce((sum, one) => sum + unhealthyOf(one), 0)
  return (
    <dl className="tiles">
      <Tile term="Produced, last 1 min">
        <Total
          of={clusters.map((one) => one.produceRate)}
          partial={clusters.some((one) => one.produceRatePartial)}
        />
        <Sparkline
          wide
          values={sumOf(shown.map((one) => one.produced))}
          label="Messages produced per second, last hour"
        />
      </Tile>
      <Tile term="Consumed by all groups, last 1 min">
        <Total
          of={clusters.map((one) => one.consumeRate)}
          partial={clusters.some((one) => one.consumeRatePartial)}
        />
        <Sparkline
          wide
          values={sumOf(shown.map((one) => one.consumed))}
          label="Messages consumed per second, last hour"
          tone="var(--series-3)"
        />
      </Tile>
      <Tile term="Groups that are not ok">
        <Link href="/lag" className={unhealthy > 0 ? "number bad" : "number good"}>
          {count(unhealthy)}
        </Link>
        <p className="quiet flat">
          of {count(clusters.reduce((sum, one) => sum + (one.groups ?? 0), 0))} consumer groups
        </p>
      </Tile>
      <Tile term="Open failures">
        <Link href="/failures" className={(failures.data?.active ?? 0) > 0 ? "number bad" : "number good"}>
          {count(failures.data?.active)}
        </Link>
        <p className="quiet flat">causes of dead letters</p>
      </Tile>
    </dl>
  )
}

function Tile(props: { term: string; children: ReactNode }) {
  return (
    <div className="panel tile">
      <dt>{props.term}</dt>
      <dd>{props.children}</dd>
    </div>
  )
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

const HEALTHY = ["ok", "idle", "unknown"]

function unhealthyOf({ groupsByStatus }: ClusterSummary): number {
  return Object.entries(groupsByStatus).reduce(
    (sum, [status, groups]) => (HEALTHY.includes(status) ? sum : sum + (groups ?? 0)),
    0,
  )
}

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
