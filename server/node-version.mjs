/**
 * Ends the process with one sentence when its Node is older than `oldest`, such as "24.6". Plain JavaScript: an old Node
 * has to be able to run it.
 * @param {string} oldest
 * @param {string} advice what to do then
 */
export function expectNode(oldest, advice) {
  const { node } = process.versions
  if (node.localeCompare(oldest, "en", { numeric: true }) >= 0) return
  console.error(`Signalbox needs Node ${oldest} or later, and this is Node ${node}: ${advice}.`)
  process.exit(1)
}
