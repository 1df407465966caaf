"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { CreateAlert } from "#app/(console)/alerts/create-alert.tsx"
import { clusterPath } from "#app/(console)/paths.ts"
import { capital, useSystems } from "#app/(console)/systems.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { Age } from "#app/ui/states.tsx"

/** Name, age and the places of one cluster. */
export function ClusterHead(props: {
  cluster: string
  place: "health" | "topics" | "groups" | "connection"
}) {
  const trpc = useTRPC()
  const { data } = useQuery(trpc.clusters.head.queryOptions({ cluster: props.cluster }))
  const words = useSystems()(data?.system ?? "")
  const base = clusterPath(props.cluster)
  const places = [
    { id: "health", href: base, label: "Health" },
    { id: "topics", href: `${base}/topics`, label: capital(words.destination.many) },
    { id: "groups", href: `${base}/groups`, label: capital(words.group.many) },
    { id: "connection", href: `${base}/connection`, label: "Connection" },
  ]
  return (
    <div>
      <div className="row">
        <h1>{data?.name ?? props.cluster}</h1>
        {data && <Age freshness={data.freshness} />}
        <span className="grow" />
        <CreateAlert signal="lag" cluster={props.cluster} />
      </div>
      <nav className="tabs" aria-label="Cluster">
        {places.map((place) => (
          <Link key={place.id} href={place.href} aria-current={place.id === props.place ? "page" : undefined}>
            {place.label}
          </Link>
        ))}
      </nav>
    </div>
  )
}
