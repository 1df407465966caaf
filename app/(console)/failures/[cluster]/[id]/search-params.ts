import {
  type inferParserType,
  parseAsArrayOf,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs"
import { parseMoment } from "#server/moment.ts"

export const TABS = ["difference", "fix", "stack", "talk"] as const
export const REPLAYED = ["any", "no", "yes"] as const

/** The state of a failure's page, in its address. */
export const failurePageParams = {
  tab: parseAsStringLiteral(TABS).withDefault("difference"),
  /** The dead letter that is shown; none: the latest. */
  letter: parseAsString.withDefault(""),
  /** Those that are ticked. */
  chosen: parseAsArrayOf(parseAsString).withDefault([]),
  replayed: parseAsStringLiteral(REPLAYED).withDefault("any"),
  /** When they died, as ISO 8601; empty: whenever. (from and to are the range of the charts.) */
  since: parseAsString.withDefault(""),
  until: parseAsString.withDefault(""),
  /** The destination and the partition that they lie in; empty: any. */
  dead: parseAsString.withDefault(""),
  partition: parseAsInteger,
  page: parseAsInteger.withDefault(1),
}

export type PageState = inferParserType<typeof failurePageParams>

export function useFailureState() {
  return useQueryStates(failurePageParams, { history: "push" })
}

/** Which dead letters the filters let through, as the server is asked for them. */
export interface Filter {
  replayed: PageState["replayed"]
  from?: number
  to?: number
  destination?: string
  partition?: number
}

export function filterOf(state: PageState): Filter {
  const [from, to] = [parseMoment(state.since), parseMoment(state.until)]
  return {
    replayed: state.replayed,
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
    ...(state.dead === "" ? {} : { destination: state.dead }),
    ...(state.partition === null ? {} : { partition: state.partition }),
  }
}

/** Whether the filters leave anything out. */
export function isFiltered(filter: Filter): boolean {
  return filter.replayed !== "any" || Object.keys(filter).length > 1
}
