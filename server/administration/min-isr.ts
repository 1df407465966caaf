/** What min.insync.replicas means for so many replicas, where it hurts. */
export function warnOfMinIsr(replicas: number | null, least: string | null): string[] {
  const wanted = Number(least ?? Number.NaN)
  if (replicas === null || !(wanted > 1)) return []
  if (wanted > replicas) {
    const there = replicas === 1 ? "there is one replica" : `there are ${replicas} replicas`
    return [`min.insync.replicas is ${wanted}, but ${there}: who writes with acks=all is refused.`]
  }
  return wanted === replicas
    ? [
        "min.insync.replicas is the number of replicas: one broker away, and who writes with acks=all is refused.",
      ]
    : []
}
