import type { Cell, Script } from "./script.ts"

/**
 * The smallest scripts found that still fail, by leaving out whatever can be left out. Shrinking by structure, not by the
 * generator: the parts of a script depend on each other, and what is left must be readable.
 */
export async function shrink(
  scripts: Script[],
  fails: (scripts: Script[]) => Promise<boolean>,
  tries: number,
): Promise<Script[]> {
  let smallest = scripts
  for (let left = tries; left > 0; ) {
    let found = false
    for (const candidate of smaller(smallest)) {
      if (left-- <= 0) break
      if (!(await fails(candidate))) continue
      smallest = candidate
      found = true
      break
    }
    if (!found) break
  }
  return smallest
}

function* smaller(scripts: Script[]): Generator<Script[]> {
  if (scripts.length > 1) yield* without(scripts)
  for (const [i, script] of scripts.entries())
    for (const less of smallerScripts(script)) yield scripts.with(i, less)
}

function* smallerScripts(script: Script): Generator<Script> {
  const { cells } = script
  if (cells.length > 1) {
    const half = Math.ceil(cells.length / 2)
    yield { ...script, cells: cells.slice(0, half) }
    yield { ...script, cells: cells.slice(half) }
  }
  for (const key of ["missed", "failing", "restarts", "takeovers"] as const)
    if (script[key].length > 0) {
      yield { ...script, [key]: [] }
      for (const some of without(script[key])) yield { ...script, [key]: some }
    }
  if (script.jump) yield { ...script, jump: null }
  if (script.readable) yield { ...script, readable: false }
  for (const [i, cell] of cells.entries())
    for (const less of smallerCells(cell)) yield { ...script, cells: cells.with(i, less) }
  for (const steps of [script.steps >> 1, script.steps - 5, script.steps - 1])
    if (steps >= 3 && steps < script.steps) yield { ...script, steps }
}

function* smallerCells(cell: Cell): Generator<Cell> {
  for (const events of without(cell.events)) yield { ...cell, events }
  if (cell.groups.length > 1) for (const groups of without(cell.groups)) yield { ...cell, groups }
  if (cell.topics.length > 1) for (const topics of without(cell.topics)) yield { ...cell, topics }
  for (const [i, topic] of cell.topics.entries()) {
    if (topic.rates.length > 1)
      for (const rates of without(topic.rates))
        yield { ...cell, topics: cell.topics.with(i, { ...topic, rates }) }
    if (topic.keep !== null) yield { ...cell, topics: cell.topics.with(i, { ...topic, keep: null }) }
  }
  for (const [i, group] of cell.groups.entries()) {
    if (group.reads.length > 1)
      for (const reads of without(group.reads))
        yield { ...cell, groups: cell.groups.with(i, { ...group, reads }) }
    if (group.without.length > 0) yield { ...cell, groups: cell.groups.with(i, { ...group, without: [] }) }
  }
  for (const [i, event] of cell.events.entries())
    if (event.lasts > 1) yield { ...cell, events: cell.events.with(i, { ...event, lasts: 1 }) }
}

function without<Part>(parts: Part[]): Part[][] {
  return parts.map((_, i) => parts.toSpliced(i, 1))
}
