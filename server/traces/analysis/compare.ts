import type { Flame } from "./flame.ts"
import type { TimedSpan } from "./timed-span.ts"

/** What two traces did on the same path of operations. */
export interface Compared<S extends TimedSpan = TimedSpan> {
  key: string
  /** How many operations it is within. */
  depth: number
  /** Null: this trace did not. */
  here: Flame<S> | null
  there: Flame<S> | null
}

type Pair<S extends TimedSpan> = Omit<Compared<S>, "key">

/** The paths of two traces, each once, callers before what they call, and of these first what took longest in either. */
export function compareFlames<S extends TimedSpan & { name: string }>(
  here: Flame<S>,
  there: Flame<S>,
): Compared<S>[] {
  const compared: Compared<S>[] = []
  const open: Pair<S>[] = pairsOf({ depth: -1, here, there })
  for (let pair = open.pop(); pair; pair = open.pop()) {
    compared.push({ ...pair, key: `${pair.here?.key ?? ""} ${pair.there?.key ?? ""}` })
    open.push(...pairsOf(pair))
  }
  return compared
}

/** What both call, in the order in which a stack gives it back. */
function pairsOf<S extends TimedSpan & { name: string }>({ depth, here, there }: Pair<S>): Pair<S>[] {
  const theirs = new Map(there?.children.map((flame) => [operationOf(flame), flame]))
  const ours = here?.children ?? []
  const pairs: Pair<S>[] = ours.map((flame) => ({
    ...{ depth: depth + 1, here: flame, there: theirs.get(operationOf(flame)) ?? null },
  }))
  const known = new Set(ours.map(operationOf))
  for (const [operation, flame] of theirs)
    if (!known.has(operation)) pairs.push({ depth: depth + 1, here: null, there: flame })
  return pairs.sort((a, b) => longest(a) - longest(b))
}

function operationOf<S extends TimedSpan & { name: string }>({ longest: { span } }: Flame<S>): string {
  return `${span.service}\0${span.kind}\0${span.name}`
}

function longest<S extends TimedSpan>({ here, there }: Pair<S>): number {
  return Math.max(here?.totalNs ?? 0, there?.totalNs ?? 0)
}
