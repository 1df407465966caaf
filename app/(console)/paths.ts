export function clusterPath(cluster: string): string {
  return `/clusters/${encodeURIComponent(cluster)}`
}

export function topicPath(cluster: string, topic: string): string {
  return `${clusterPath(cluster)}/topics/${encodeURIComponent(topic)}`
}

export function groupPath(cluster: string, group: string): string {
  return `${clusterPath(cluster)}/groups/${encodeURIComponent(group)}`
}
