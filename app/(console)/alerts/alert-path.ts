import type { RouterOutputs } from "#app/trpc/types.ts"
import { clusterPath, failurePath, groupPath, topicPath } from "../paths.ts"

type Alert = RouterOutputs["alerts"]["list"]["rows"][number]

/** Where what an alert is about is looked at; null: it is about Signalbox itself. */
export function alertPath({ cluster, labels }: Pick<Alert, "cluster" | "labels">): string | null {
  const { failure, group, destination, channel } = labels
  if (cluster === null) return channel === undefined ? null : "/alerts?tab=channels"
  if (failure !== undefined) return failurePath(cluster, Number(failure))
  if (group !== undefined) return groupPath(cluster, group)
  return destination === undefined ? clusterPath(cluster) : topicPath(cluster, destination)
}
