"use client"

import Link from "next/link"
import { ActLink } from "#app/(console)/acts/act-link.tsx"
import { clusterPath, groupPath, resetPath, topicActPath, topicPath } from "#app/(console)/paths.ts"
import type { GroupDetail } from "#server/lag/queries/index.ts"

interface Props {
  cluster: string
  group: string
  advice: NonNullable<GroupDetail["advice"]>
}

/** The way to what is advised. */
export function AdvisedAct({ cluster, group, advice }: Props) {
  const { act, destination } = advice
  switch (act) {
    case "retention":
      if (destination === null) return null
      return (
        <div className="row acts">
          <ActLink
            permission="destination.configure"
            cluster={cluster}
            href={topicActPath(cluster, destination, "edit")}
          >
            Change retention
          </ActLink>
          <Link href={topicPath(cluster, destination)} className="field">
            Open {destination}
          </Link>
        </div>
      )
    case "reset":
      return (
        <Link href={resetPath(cluster, group)} className="field">
          Choose a position
        </Link>
      )
    case "members":
      return (
        <Link href={`${groupPath(cluster, group)}?tab=members`} className="field">
          Show members
        </Link>
      )
    case "cluster":
      return (
        <Link href={clusterPath(cluster)} className="field">
          Show the cluster
        </Link>
      )
    case null:
      return null
  }
}
