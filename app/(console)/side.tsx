"use client"

import { IconLayoutSidebar } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { usePathname, useRouter } from "next/navigation"
import { useTRPC } from "../trpc/client.tsx"
import { Combobox } from "../ui/combobox.tsx"
import { Logo } from "../ui/logo.tsx"
import { toneOf, useCluster } from "./environment.ts"
import { clusterPath } from "./paths.ts"
import { MANAGE, MONITOR, type Place, placesOf } from "./places.tsx"
import { useSticky } from "./sticky.ts"
import { capital, useSystems } from "./systems.ts"

/** The places of the console, and which cluster they are about. */
export function Side(props: { narrow: boolean; onToggle: () => void }) {
  const cluster = useCluster()
  return (
    <nav className="side" aria-label="Places">
      <Brand />
      <ClusterSwitcher cluster={cluster} />
      <Section label="Monitor" places={MONITOR} />
      {cluster !== null && <ClusterSection cluster={cluster} />}
      <Section label="Manage" places={MANAGE} />
      <button type="button" className="place foot" aria-expanded={!props.narrow} onClick={props.onToggle}>
        <IconLayoutSidebar size={16} aria-hidden="true" />
        <span className={props.narrow ? "unseen" : "label quiet"}>
          {props.narrow ? "Expand" : "Collapse"}
        </span>
      </button>
    </nav>
  )
}

function Brand() {
  const sticky = useSticky()
  return (
    <Link href={`/${sticky}`} className="brand">
      <Logo size={22} /> <span className="label">Signalbox</span>
    </Link>
  )
}

/** Goes to a cluster, or back to the pages of all. */
function ClusterSwitcher({ cluster }: { cluster: string | null }) {
  const { data = [] } = useQuery(useTRPC().clusters.names.queryOptions())
  const router = useRouter()
  const sticky = useSticky()
  const environment = data.find(({ slug }) => slug === cluster)?.environment
  if (data.length === 0) return null
  return (
    <div className="switcher" data-environment={environment ? toneOf(environment) : undefined}>
      <Combobox
        label="Cluster"
        value={cluster ?? ""}
        placeholder="All clusters"
        empty="No cluster has this name."
        options={[
          { value: "", label: "All clusters" },
          ...data.map(({ slug, name, environment: word }) => ({
            value: slug,
            label: name,
            ...(word ? { note: word } : {}),
          })),
        ]}
        onChange={(slug) => router.push(slug === "" ? "/" : clusterPath(slug) + sticky)}
      />
    </div>
  )
}

function ClusterSection({ cluster }: { cluster: string }) {
  const { data } = useQuery(useTRPC().clusters.names.queryOptions())
  const found = data?.find(({ slug }) => slug === cluster)
  const words = useSystems()(found?.system ?? "")
  const places = placesOf(cluster, {
    topics: capital(words.destination.many),
    groups: capital(words.group.many),
  })
  return <Section label={found?.name ?? cluster} places={places} isOfCluster />
}

function Section(props: { label: string; places: readonly Place[]; isOfCluster?: boolean }) {
  const path = usePathname()
  const sticky = useSticky()
  return (
    <div className={props.isOfCluster ? "side-section of-cluster" : "side-section"}>
      <div className="side-title">{props.label}</div>
      {props.places.map(({ href, label, icon: Icon, here, badge: Badge, notOnPhone }) => (
        <Link
          key={href}
          href={href + sticky}
          className={notOnPhone ? "place not-on-phone" : "place"}
          title={label}
          aria-label={Badge ? undefined : label}
          aria-current={here(path) ? "page" : undefined}
        >
          <Icon size={16} aria-hidden="true" /> <span className="label">{label}</span>
          {Badge && <Badge />}
        </Link>
      ))}
    </div>
  )
}
