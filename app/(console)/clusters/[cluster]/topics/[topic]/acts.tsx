"use client"

import { ActLink } from "#app/(console)/acts/act-link.tsx"
import { topicActPath } from "#app/(console)/paths.ts"
import type { TopicKey } from "./topic-key.ts"

/** What can be done to a topic besides changing its settings. */
export function Acts({ cluster, name }: TopicKey) {
  const to = (act: "grow" | "empty" | "delete") => ({ cluster, href: topicActPath(cluster, name, act) })
  return (
    <div className="row">
      <ActLink permission="destination.configure" {...to("grow")}>
        Add partitions
      </ActLink>
      <ActLink permission="destination.empty" {...to("empty")}>
        Empty
      </ActLink>
      <ActLink permission="destination.delete" {...to("delete")}>
        Delete
      </ActLink>
    </div>
  )
}
