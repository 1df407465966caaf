import { toSegment } from "#server/segment.ts"

export function clusterPath(cluster: string): string {
  return `/clusters/${toSegment(cluster)}`
}

export function topicPath(cluster: string, topic: string): string {
  return `${clusterPath(cluster)}/topics/${toSegment(topic)}`
}

export function newTopicPath(cluster: string): string {
  return `${clusterPath(cluster)}/new-topic`
}

/** The page of one act on a topic. */
export function topicActPath(
  cluster: string,
  topic: string,
  act: "edit" | "grow" | "empty" | "delete",
): string {
  return `${topicPath(cluster, topic)}/${act}`
}

export function groupPath(cluster: string, group: string): string {
  return `${clusterPath(cluster)}/groups/${toSegment(group)}`
}

export function resetPath(cluster: string, group: string): string {
  return `${groupPath(cluster, group)}/offsets`
}

export function planPath(cluster: string, group: string, plan: string): string {
  return `${resetPath(cluster, group)}/${toSegment(plan)}`
}

export function failurePath(cluster: string, id: number): string {
  return `/failures/${toSegment(cluster)}/${id}`
}

export function deleteGroupPath(cluster: string, group: string): string {
  return `${groupPath(cluster, group)}/delete`
}

/** The page of a trace; with one of its spans open. */
export function tracePath(id: string, span?: string): string {
  const page = `/traces/${toSegment(id)}`
  return span === undefined ? page : `${page}?${new URLSearchParams({ span })}`
}

export function servicePath(service: string): string {
  return `/services/${toSegment(service)}`
}

/** The search for the spans of a service; of one of its operations, the slowest first. */
export function serviceSpansPath(service: string, operation?: string): string {
  const ofService = `resource.service.name = ${JSON.stringify(service)}`
  if (operation === undefined) return traceSearchPath(`{ ${ofService} }`)
  return traceSearchPath(`{ ${ofService} && name = ${JSON.stringify(operation)} }`, "slowest")
}

/** The search of traces with a query in it. */
export function traceSearchPath(q: string, order?: "slowest"): string {
  return `/traces?${new URLSearchParams({ q, ...(order && { order }) })}`
}

interface MessagePlace {
  cluster: string
  topic: string
  partition: string
  offset: string
}

/** One message, open beside those that follow it in its partition. */
export function messagePath({ cluster, topic, partition, offset }: MessagePlace): string {
  const query = {
    tab: "messages",
    start: "offset",
    at: offset,
    parts: partition,
    msg: `${partition}/${offset}`,
  }
  return `${topicPath(cluster, topic)}?${new URLSearchParams(query)}`
}

export function rulePath(id: string): string {
  return `/alerts/rules/${toSegment(id)}`
}

/** The page of one alert. */
export function alertPagePath(alert: string): string {
  return `/alerts/${toSegment(alert)}`
}

/** An alert with all that happened to it, above the timeline. */
export function timelinePath(alert: string): string {
  return `/alerts?tab=history&alert=${toSegment(alert)}`
}

/** The editor of a new alert rule; what is known of it is filled in. */
export function newRulePath(about: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(about).toString()
  return query === "" ? "/alerts/rules/new" : `/alerts/rules/new?${query}`
}
