"use client"

import type { ReactNode } from "react"
import { useRefusal } from "#app/access/me.tsx"
import type { Crumb } from "#app/ui/breadcrumb.tsx"
import { PageHead } from "#app/ui/page-head.tsx"
import { Empty } from "#app/ui/states.tsx"
import type { Permission } from "#server/access/index.ts"
import { EnvironmentTag } from "../clusters/environment-tag.tsx"
import { useEnvironment } from "../environment.ts"
import { useOffered } from "./use-offered.ts"

interface Props {
  cluster: string
  permission: Permission
  /** Where one comes from, outermost first. */
  above: Crumb[]
  title: string
  /** What the act does, in a sentence. */
  about: string
  children: ReactNode
}

/** A page for one act: what it does, its effect in numbers, and the button. Forbidden, it says which role is needed. */
export function ActPage({ cluster, permission, above, title, about, children }: Props) {
  const offered = useOffered(permission, cluster)
  const refused = useRefusal(permission, cluster)
  const refusal = offered ? refused : "Signalbox cannot do this on this cluster."
  const environment = useEnvironment(cluster)
  return (
    <>
      <PageHead above={above} title={title} badge={environment && <EnvironmentTag word={environment} />}>
        <p className="flat">{about}</p>
      </PageHead>
      {refusal ? (
        <section className="panel">
          <Empty>{refusal}</Empty>
        </section>
      ) : (
        children
      )}
    </>
  )
}
