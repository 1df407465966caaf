"use client"

import { ActLink } from "#app/(console)/acts/act-link.tsx"
import { topicActPath } from "#app/(console)/paths.ts"
import { More } from "#app/ui/more.tsx"
import type { TopicKey } from "./topic-key.ts"

/** What can be done to a topic besides changing its settings. */
export function Acts({ cluster, name }: TopicKey) {
  const to = (act: "grow" | "empty" | "delete") => ({ cluster, href: topicActPath(cluster, name, act) })
  return (
    <More>
      <ActLink look="item" permission="destination.configure" {...to("grow")}>
        Add partitions
      </ActLink>
      <ActLink look="danger" permission="destination.empty" {...to("empty")}>
        Empty
      </ActLink>
      <ActLink look="danger" permission="destination.delete" {...to("delete")}>
        Delete
      </ActLink>
    </More>
  )
}
