/** Whether a name fits a pattern with `*` for any part of it. In linear time: each part is looked for once, from the left. */
export function fitsName(pattern: string, name: string): boolean {
  const parts = pattern.split("*")
  const first = parts.shift() ?? ""
  const last = parts.pop()
  if (last === undefined) return name === first
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false
  let at = first.length
  for (const part of parts) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= name.length - last.length
}
