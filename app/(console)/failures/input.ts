import type { inferParserType } from "nuqs"
import { FAILURES_A_PAGE, type failureParams } from "./search-params.ts"

/** What the server is asked for this state of the list. */
export function listInput(state: inferParserType<typeof failureParams>, clusters: string[]) {
  return {
    ...(clusters.length > 0 ? { clusters } : {}),
    ...(state.assignee ? { assignee: state.assignee } : {}),
    state: state.state,
    search: state.q,
    sort: state.sort,
    page: state.page,
    pageSize: FAILURES_A_PAGE,
  }
}
