export function clusterPath(cluster: string): string {
  return `/clusters/${encodeURIComponent(cluster)}`
}

export function topicPath(cluster: string, topic: string): string {
  return `${clusterPath(cluster)}/topics/${encodeURIComponent(topic)}`
}

export function groupPath(cluster: string, group: string): string {
  return `${clusterPath(cluster)}/groups/${encodeURIComponent(group)}`
}

export function resetPath(cluster: string, group: string): string {
  return `${groupPath(cluster, group)}/offsets`
}

export function planPath(cluster: string, group: string, plan: string): string {
  return `${resetPath(cluster, group)}/${encodeURIComponent(plan)}`
}

export function failurePath(cluster: string, id: number): string {
  return `/failures/${encodeURIComponent(cluster)}/${id}`
}
