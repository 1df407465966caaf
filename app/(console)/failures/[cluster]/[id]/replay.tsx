"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { ActPanel } from "#app/(console)/acts/act-panel.tsx"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Button } from "#app/ui/button.tsx"
import { TextField } from "#app/ui/form-field.tsx"
import { count } from "#app/ui/format.ts"
import { MutationError } from "#app/ui/states.tsx"
import type { FailureDetail, LetterView } from "#server/failures/index.ts"
import { Editor } from "./editor.tsx"
import { RunningJobs } from "./jobs.tsx"
import {
  choiceOf,
  type Draft,
  headersOf,
  isEdited,
  numberOf,
  numberProblem,
  type Picked,
  type Which,
} from "./order.ts"
import { Plan, type Planned } from "./plan.tsx"
import { isFiltered } from "./search-params.ts"

interface Props {
  failure: FailureDetail
  view: LetterView
  picked: Picked
}

interface ReplayProps extends Props {
  draft: Draft
  setDraft: (draft: Draft) => void
  /** Whether the form is shown; the buttons below always are. */
  isOpen: boolean
  open: () => void
}

const POST = { trpc: { context: { post: true } } }

/** How it is fixed, where to and how fast; below, always in sight, which, what it would do, and how far it is. */
export function Replay({ failure, view, picked, draft, setDraft, isOpen, open }: ReplayProps) {
  const planning = usePlanning({ failure, view, picked })
  const [started, setStarted] = useState<string | null>(null)
  // What is ticked or filtered otherwise since the preview is another replay.
  const { data } = planning
  const isSame =
    data && JSON.stringify(data.input.choice) === JSON.stringify(choiceOf(data.which, view, picked))
  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part })
    planning.reset()
  }
  const plan = (which: Which) => {
    setStarted(null)
    open()
    planning.mutate({ which, draft })
  }
  return (
    <>
      {isOpen && (
        <section className="panel form wide" aria-label="Replay">
          <Editor view={view} draft={draft} change={change} />
          <Way failure={failure} draft={draft} change={change} />
        </section>
      )}
      <ActPanel className="replay-footer" label="Replay actions">
        <RunningJobs failure={failure} started={started} />
        <MutationError of={planning} />
        {isOpen && isSame ? (
          <Plan
            planned={data}
            cancel={() => planning.reset()}
            over={(job) => {
              setStarted(job)
              planning.reset()
            }}
          />
        ) : (
          <Choices
            {...{ failure, picked, plan }}
            isEdited={isEdited(draft)}
            isDone={started !== null || view.row.replayed}
            isPending={planning.isPending}
          />
        )}
      </ActPanel>
    </>
  )
}

function usePlanning({ failure, view, picked }: Props) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { cluster, id } = failure
  return useMutation({
    mutationFn: async ({ which, draft }: { which: Which; draft: Draft }): Promise<Planned> => {
      const share = numberOf(draft.share)
      const edited =
        draft.value === null
          ? { changes: [] }
          : await client.fetchQuery(
              trpc.failures.deriveMend.queryOptions(
                { cluster, letter: view.row.id, value: draft.value },
                POST,
              ),
            )
      if (which !== "one" && "value" in edited)
        throw new Error(
          "This value is no JSON, so what was changed cannot be done to others: replay it alone.",
        )
      const order = {
        target: draft.target || null,
        rate: numberOf(draft.rate) || null,
        stopShare: share === null ? null : Math.min(1, share / 100),
        mend: { ...edited, ...(draft.key === null ? {} : { key: draft.key }), headers: headersOf(draft) },
      }
      const input = { cluster, id, choice: choiceOf(which, view, picked), order }
      const query = trpc.failures.planReplay.queryOptions(input, POST)
      return { which, input, plan: await client.fetchQuery({ ...query, staleTime: 0 }) }
    },
  })
}

interface FormProps {
  failure: FailureDetail
  draft: Draft
  change: (part: Partial<Draft>) => void
}

interface ChoicesProps {
  failure: FailureDetail
  picked: Picked
  plan: (which: Which) => void
  isEdited: boolean
  /** Whether the message that is shown was sent again. */
  isDone: boolean
  isPending: boolean
}

/** Which messages are meant; each button leads to a preview. */
function Choices({ failure, picked, plan, isEdited, isDone, isPending }: ChoicesProps) {
  const refused = useRefusal("failure.replay", failure.cluster)
  const rest = failure.present - failure.replayed
  const { chosen, filter, listed } = picked
  const options: [Which, string, boolean][] = [
    ["one", isEdited ? "Replay 1 with this fix…" : "Replay 1…", true],
    ["chosen", `Replay ${count(chosen.length)} selected…`, chosen.length > 0],
    ["shown", `Replay ${count(listed)} filtered…`, listed > 0 && isFiltered(filter)],
    ["all", allWords(rest, isEdited, isDone), rest > 0],
  ]
  const main = isDone && rest > 0 ? "all" : "one"
  return (
    <div className="row">
      {options
        .filter(([, , isPossible]) => isPossible)
        .map(([which, label]) => (
          <Button
            key={which}
            className={which === main ? "field act" : "field"}
            refusal={refused}
            busy={isPending}
            title="Shows what would be sent first"
            onClick={() => plan(which)}
          >
            {label}
          </Button>
        ))}
      <span className="quiet" aria-live="polite">
        {isPending ? "Previewing…" : refused}
      </span>
    </div>
  )
}

/** The fix of one message, offered for those that are left. */
function allWords(rest: number, isEdited: boolean, isDone: boolean): string {
  if (isEdited) return `Apply the same fix to ${isDone ? `the other ${count(rest)}` : `all ${count(rest)}`}…`
  return `Replay all ${count(rest)}…`
}

function Way({ failure, draft, change }: FormProps) {
  return (
    <fieldset className="plain">
      <legend className="strong">Destination and rate</legend>
      <div className="row">
        <TextField
          label="Target"
          hint={`${failure.destination} (where each came from)`}
          value={draft.target}
          onChange={(target) => change({ target })}
        />
        <TextField
          label="Messages per second"
          hint="no limit"
          value={draft.rate}
          onChange={(rate) => change({ rate })}
          problem={numberProblem(draft.rate)}
        />
        <TextField
          label="Stop if more than this many % fail again"
          hint="never"
          value={draft.share}
          onChange={(share) => change({ share })}
          problem={numberProblem(draft.share)}
        />
      </div>
    </fieldset>
  )
}
