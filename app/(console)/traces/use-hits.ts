"use client"

import { useSubscription } from "@trpc/tanstack-react-query"
import { useReducer } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterInputs } from "#app/trpc/types.ts"
import type { Hit, SearchProgress } from "#server/traces/index.ts"

const PAGE_SIZE = 100

type Asked = Omit<RouterInputs["traces"]["searching"], "cursor" | "limit">

/** What a search has found so far; `next`: where it goes on, null: everything was searched. */
export type FoundSpans = Pick<SearchProgress, "hits" | "next" | "searchedTo" | "spans" | "total">

/** A part of a search: from a place on, until a page more is found. */
interface Turn {
  cursor: string | undefined
  hitsBefore: number
  spansBefore: number
}

interface State {
  /** What is asked for; null: nothing, for a page is full, everything was searched, or somebody has stopped it. */
  turn: Turn | null
  found: FoundSpans | null
}

type Action = { is: "piece"; piece: SearchProgress } | { is: "stop" } | { is: "more" }

const START: State = { turn: { cursor: undefined, hitsBefore: 0, spansBefore: 0 }, found: null }

function reduce(state: State, action: Action): State {
  const { turn, found } = state
  if (action.is === "stop") return { ...state, turn: null }
  if (action.is === "more")
    return found?.next
      ? { ...state, turn: { cursor: found.next, hitsBefore: found.hits.length, spansBefore: found.spans } }
      : state
  if (!turn) return state
  const { piece } = action
  const hits = unique([...(found?.hits ?? []), ...piece.hits])
  const isOver = piece.next === null || hits.length >= turn.hitsBefore + PAGE_SIZE
  const [spans, total] = [turn.spansBefore + piece.spans, turn.spansBefore + piece.total]
  return { turn: isOver ? null : turn, found: { ...piece, hits, spans, total } }
}

/** A stream that broke begins anew, with what it has sent already. */
function unique(hits: readonly Hit[]): Hit[] {
  return [...new Map(hits.map((hit) => [`${hit.traceId} ${hit.spanId} ${hit.kind}`, hit])).values()]
}

/** A search that is followed while it runs: until a page is full or it is stopped; then it goes on when it is told to. */
export function useHits(asked: Asked) {
  const [{ turn, found }, act] = useReducer(reduce, START)
  const cursor = turn?.cursor
  const { error, reset } = useSubscription(
    useTRPC().traces.searching.subscriptionOptions(
      { ...asked, limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) },
      { enabled: turn !== null, onData: (piece) => act({ is: "piece", piece }) },
    ),
  )
  return {
    ...{ found, error, retry: reset, isRunning: turn !== null },
    stop: () => act({ is: "stop" }),
    more: () => act({ is: "more" }),
  }
}
