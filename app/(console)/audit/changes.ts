export interface Change {
  /** Where in the value: "clusters.prod-eu". */
  path: string
  /** As JSON; null: not there. */
  before: string | null
  after: string | null
  changed: boolean
}

/** Two values field by field, in the order in which they stand; what changed comes first. */
export function changesOf(before: unknown, after: unknown): Change[] {
  const [old, now] = [leavesOf(before), leavesOf(after)]
  const paths = [...new Set([...old.keys(), ...now.keys()])]
  const changes = paths.map((path) => {
    const [was, is] = [old.get(path) ?? null, now.get(path) ?? null]
    return { path, before: was, after: is, changed: was !== is }
  })
  return [...changes.filter(({ changed }) => changed), ...changes.filter(({ changed }) => !changed)]
}

function leavesOf(value: unknown, path = "", into = new Map<string, string>()): Map<string, string> {
  if (value === null || value === undefined) {
    if (path !== "" && value === null) into.set(path, "null")
  } else if (typeof value === "object" && Object.keys(value).length > 0) {
    for (const [key, part] of Object.entries(value))
      leavesOf(part, path === "" ? key : `${path}.${key}`, into)
  } else {
    into.set(path === "" ? "value" : path, typeof value === "string" ? value : JSON.stringify(value))
  }
  return into
}
