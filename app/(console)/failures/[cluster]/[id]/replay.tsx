"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { count } from "#app/ui/format.ts"
import { MutationError } from "#app/ui/states.tsx"
import type { FailureDetail, LetterView } from "#server/failures/index.ts"
import { Editor } from "./editor.tsx"
import { choiceOf, type Draft, FRESH, headersOf, numberOf, type Picked, type Which } from "./order.ts"
import { Plan, type Planned } from "./plan.tsx"
import { isFiltered } from "./search-params.ts"

interface Props {
  failure: FailureDetail
  view: LetterView
  picked: Picked
}

const POST = { trpc: { context: { post: true } } }

/** Which messages, how edited, to which topic, how fast; then what it would do; then it is done. */
export function Replay({ failure, view, picked }: Props) {
  const [draft, setDraft] = useState<Draft>(FRESH)
  const planning = usePlanning({ failure, view, picked })
  const refused = useRefusal("failure.replay", failure.cluster)
  // What is ticked or filtered otherwise since the preview is another replay.
  const choice = JSON.stringify(choiceOf(draft, view, picked))
  const planned = JSON.stringify(planning.data?.input.choice) === choice ? planning.data : undefined
  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part })
    planning.reset()
  }
  return (
    <section className="panel form wide" aria-label="Replay">
      <h2>Fix and replay</h2>
      <Choice failure={failure} draft={draft} picked={picked} change={change} />
      <Editor view={view} draft={draft} change={change} />
      <Way failure={failure} draft={draft} change={change} />
      <div className="row">
        <button
          type="button"
          className="field"
          disabled={refused !== null || planning.isPending}
          title={refused ?? undefined}
          onClick={() => planning.mutate(draft)}
        >
          {planning.isPending ? "Previewing…" : "Preview"}
        </button>
        {refused && <span className="quiet">{refused}</span>}
        <MutationError of={planning} inline />
      </div>
      {planned && (
        <Plan
          planned={planned}
          over={() => {
            setDraft(FRESH)
            planning.reset()
          }}
        />
      )}
    </section>
  )
}

function usePlanning({ failure, view, picked }: Props) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { cluster, id } = failure
  return useMutation({
    mutationFn: async (draft: Draft): Promise<Planned> => {
      const share = numberOf(draft.share, "The share")
      const edited =
        draft.value === null
          ? { changes: [] }
          : await client.fetchQuery(
              trpc.failures.deriveMend.queryOptions(
                { cluster, letter: view.row.id, value: draft.value },
                POST,
              ),
            )
      if (draft.which !== "one" && "value" in edited)
        throw new Error(
          "This value is no JSON, so what was changed cannot be done to others: replay it alone.",
        )
      const order = {
        target: draft.target || null,
        rate: numberOf(draft.rate, "The rate") || null,
        stopShare: share === null ? null : Math.min(1, share / 100),
        mend: { ...edited, ...(draft.key === null ? {} : { key: draft.key }), headers: headersOf(draft) },
      }
      const input = { cluster, id, choice: choiceOf(draft, view, picked), order }
      const query = trpc.failures.planReplay.queryOptions(input, POST)
      return { input, plan: await client.fetchQuery({ ...query, staleTime: 0 }) }
    },
  })
}

interface FormProps {
  failure: FailureDetail
  draft: Draft
  change: (part: Partial<Draft>) => void
}

function Choice({ failure, draft, picked, change }: FormProps & { picked: Picked }) {
  const rest = failure.present - failure.replayed
  const { chosen, filter, listed } = picked
  const filtered = isFiltered(filter)
  const all = `All ${count(rest)} that were not replayed yet`
  const options: [Which, string, boolean][] = [
    ["one", "Only the message shown above", true],
    ["chosen", chosenWords(chosen.length), chosen.length > 0],
    ["shown", shownWords(listed), listed > 0],
    ["all", filtered ? `${all}, regardless of the filters` : all, rest > 0],
  ]
  return (
    <fieldset className="plain">
      <legend className="strong">Which</legend>
      {options
        .filter(([which]) => which !== "shown" || filtered || draft.which === which)
        .map(([which, label, possible]) => (
          <label key={which} className="row check">
            <input
              type="radio"
              name="which"
              checked={draft.which === which}
              disabled={!possible}
              onChange={() => change({ which })}
            />
            {label}
          </label>
        ))}
    </fieldset>
  )
}

function shownWords(listed: number): string {
  return listed === 1 ? "The one that the filters show" : `All ${count(listed)} that the filters show`
}

function chosenWords(chosen: number): string {
  return chosen === 0 ? "Selected messages (0)" : `Selected messages (${count(chosen)})`
}

function Way({ failure, draft, change }: FormProps) {
  return (
    <fieldset className="plain">
      <legend className="strong">Destination and rate</legend>
      <div className="row">
        <label className="form-field">
          <span>Target</span>
          <input
            className="field"
            placeholder={`${failure.destination} (where each came from)`}
            value={draft.target}
            onChange={(event) => change({ target: event.target.value })}
          />
        </label>
        <label className="form-field">
          <span>Messages per second</span>
          <input
            className="field"
            inputMode="decimal"
            placeholder="no limit"
            value={draft.rate}
            onChange={(event) => change({ rate: event.target.value })}
          />
        </label>
        <label className="form-field">
          <span>Stop if more than this many % fail again</span>
          <input
            className="field"
            inputMode="decimal"
            placeholder="never"
            value={draft.share}
            onChange={(event) => change({ share: event.target.value })}
          />
        </label>
      </div>
    </fieldset>
  )
}
