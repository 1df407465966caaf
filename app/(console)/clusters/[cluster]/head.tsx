"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { CreateAlert } from "#app/(console)/alerts/create-alert.tsx"
import { EnvironmentTag } from "#app/(console)/clusters/environment-tag.tsx"
import { useCrumbs } from "#app/(console)/crumbs.ts"
import { clusterPath } from "#app/(console)/paths.ts"
import { capital, useSystems } from "#app/(console)/systems.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { PageHead } from "#app/ui/page-head.tsx"
import { Age } from "#app/ui/states.tsx"

/** Name, age and the places of one cluster. */
export function ClusterHead(props: {
  cluster: string
  place: "health" | "topics" | "groups" | "connection"
}) {
  const trpc = useTRPC()
  const { data } = useQuery(trpc.clusters.head.queryOptions({ cluster: props.cluster }))
  const words = useSystems()(data?.system ?? "")
  const above = useCrumbs(props.cluster)
  const base = clusterPath(props.cluster)
  const places = [
    { id: "health", href: base, label: "Health" },
    { id: "topics", href: `${base}/topics`, label: capital(words.destination.many) },
    { id: "groups", href: `${base}/groups`, label: capital(words.group.many) },
    { id: "connection", href: `${base}/connection`, label: "Connection" },
  ]
  return (
    <>
      <PageHead
        above={above}
        title={data?.name ?? props.cluster}
        badge={data?.environment && <EnvironmentTag word={data.environment} />}
        age={data && <Age freshness={data.freshness} />}
        acts={<CreateAlert signal="lag" cluster={props.cluster} />}
      />
      <nav className="tabs" aria-label="Cluster">
        {places.map((place) => (
          <Link key={place.id} href={place.href} aria-current={place.id === props.place ? "page" : undefined}>
            {place.label}
          </Link>
        ))}
      </nav>
    </>
  )
}
