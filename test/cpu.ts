/** CPU time that synchronous work takes, in ms: what it costs, however busy the machine is with something else. */
export function cpuMs(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}
