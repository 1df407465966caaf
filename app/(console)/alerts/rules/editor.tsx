"use client"

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { useQueryStates } from "nuqs"
import { type FormEvent, type ReactNode, useMemo, useState } from "react"
import { rulePath } from "#app/(console)/paths.ts"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { Button } from "#app/ui/button.tsx"
import { useDebounced } from "#app/ui/debounced.ts"
import { Empty, Failure, Loading } from "#app/ui/states.tsx"
import { POST } from "./back-test.tsx"
import { type Draft, logicOf, type Problem, type Rule, type Signal, toDraft, toRule } from "./draft.ts"
import { ConditionFields } from "./fields/condition.tsx"
import { MessageFields } from "./fields/message.tsx"
import { ScopeFields } from "./fields/scope.tsx"
import { History, type Tried } from "./history.tsx"
import { RangeChoice } from "./range-choice.tsx"
import { SavedActs } from "./saved-acts.tsx"
import { editorParams } from "./search-params.ts"

type Row = RouterOutputs["alerts"]["rules"]["rules"][number]

interface Props {
  start: Draft
  signals: readonly Signal[]
  /** null: it is new. */
  saved: Row | null
}

const TYPING_MS = 300

/** The form of a rule, beside what the rule would have done, which follows what is typed. */
export function RuleEditor({ start, signals, saved }: Props) {
  const [draft, setDraft] = useState(start)
  const [revision, setRevision] = useState(saved?.revision ?? 0)
  const signal = signals.find((one) => one.id === draft.signal)
  const { rule, problems: unread } = toRule(draft, signal)
  const tried = useTried(draft, signals)
  const problems = [
    ...unread,
    ...tried.problems.filter((one) => !unread.some(({ field }) => field === one.field)),
  ]
  const fields = { draft, signal, problems, set: (part: Partial<Draft>) => setDraft({ ...draft, ...part }) }
  const isReadOnly = saved?.source === "file"
  const taken = (row: Row) => {
    setRevision(row.revision)
    setDraft(
      toDraft(
        row.rule,
        signals.find((one) => one.id === row.rule.signal),
      ),
    )
  }
  return (
    <>
      {saved && <SavedActs saved={{ ...saved, revision }} onTaken={taken} />}
      {isReadOnly && (
        <p className="quiet">
          This rule is declared in signalbox.yaml: change it there, and it is followed within seconds. Here it
          can be tried, duplicated and exported.
        </p>
      )}
      <div className="rule-editor">
        <RuleForm
          {...{ rule, saved, revision, isReadOnly }}
          onSaved={setRevision}
          isReady={problems.length === 0}
        >
          <ConditionFields {...fields} signals={signals} />
          <ScopeFields {...fields} />
          <MessageFields {...fields} preview={tried.message} />
        </RuleForm>
        <section className="panel rule-history" aria-label="On history">
          <div className="row">
            <h2 className="grow">On history</h2>
            <RangeChoice />
          </div>
          <OnHistory tried={tried} rule={rule} signal={signal} />
        </section>
      </div>
    </>
  )
}

function OnHistory(props: { tried: ReturnType<typeof useTried>; rule: Rule; signal: Signal | undefined }) {
  const { history, range, isTryable } = props.tried
  if (!isTryable)
    return <Empty>Correct the fields that are marked: then this shows what the rule would have done.</Empty>
  if (history.data === undefined) return history.error ? <Failure error={history.error} /> : <Loading />
  return (
    <div aria-busy={history.isFetching}>
      {history.error && <p className="bad">{history.error.message}</p>}
      <History found={history.data} rule={props.rule} signal={props.signal} range={range} />
    </div>
  )
}

/** Fields that decide when a rule fires. */
const LOGIC = /^(signal|condition|scope|forMs|keepFiringForMs|flapping|missing)(\.|$)/

/** What the server says of a draft once typing has paused: what is wrong with it, and what it would have done. */
function useTried(draft: Draft, signals: readonly Signal[]) {
  const trpc = useTRPC()
  const [{ range }] = useQueryStates(editorParams)
  const settled = useDebounced(draft, TYPING_MS)
  const { rule, problems: unread } = useMemo(
    () =>
      toRule(
        settled,
        signals.find((one) => one.id === settled.signal),
      ),
    [settled, signals],
  )
  const isReadable = unread.length === 0
  const checked = useQuery({
    ...trpc.alerts.previewRule.queryOptions({ rule }, POST),
    enabled: isReadable,
    placeholderData: keepPreviousData,
  })
  const problems: Problem[] = isReadable ? (checked.data?.problems ?? []) : []
  const isTryable = isReadable && !problems.some(({ field }) => LOGIC.test(field))
  const history = useQuery({
    ...trpc.alerts.backTest.queryOptions({ rule: logicOf(rule), range }, POST),
    enabled: isTryable && checked.data !== undefined && !checked.isPlaceholderData,
    placeholderData: keepPreviousData,
  })
  const sample = sampleOf(history.data)
  const said = useQuery({
    ...trpc.alerts.previewRule.queryOptions({ rule, ...(sample ? { sample } : {}) }, POST),
    enabled: isReadable && sample !== undefined,
    placeholderData: keepPreviousData,
  })
  const message = (sample ? said.data?.message : null) ?? checked.data?.message ?? null
  return { problems, message, isTryable, history, range }
}

/** The series that would have fired most, as it was when it first did. */
function sampleOf(found: Tried | undefined) {
  const one = found?.noisiest[0]
  if (!one) return undefined
  const fired = one.intervals.find(({ state }) => state === "firing")?.from
  const i = one.at.findLastIndex((at, j) => one.values[j] !== null && (fired === undefined || at <= fired))
  return { cluster: one.cluster, labels: { ...one.labels }, value: one.values[i] ?? null }
}

interface FormProps {
  rule: Rule
  saved: Row | null
  revision: number
  isReadOnly: boolean
  isReady: boolean
  onSaved: (revision: number) => void
  children: ReactNode
}

function RuleForm({ rule, saved, revision, isReadOnly, isReady, onSaved, children }: FormProps) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const router = useRouter()
  const refusal = useRefusal("alert.rule")
  const refresh = () => client.invalidateQueries({ queryKey: trpc.alerts.pathKey() })
  const create = useMutation(
    trpc.alerts.createRule.mutationOptions({
      onSuccess: async ({ id }) => {
        await refresh()
        router.push(rulePath(id))
      },
    }),
  )
  const update = useMutation(
    trpc.alerts.updateRule.mutationOptions({
      onSuccess: (_, asked) => {
        onSaved(asked.revision + 1)
        return refresh()
      },
    }),
  )
  const error = create.error ?? update.error
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (saved) update.mutate({ id: saved.id, revision, rule })
    else create.mutate({ rule })
  }
  return (
    <form className="panel form" onSubmit={submit} aria-label="Rule">
      <fieldset className="plain column" disabled={isReadOnly}>
        {children}
        {error && (
          <p className="bad" role="alert">
            {error.message}
          </p>
        )}
        <div className="row">
          <Button
            type="submit"
            className="field act"
            refusal={refusal ?? (isReady ? null : "Correct the fields that are marked first.")}
            busy={create.isPending || update.isPending}
          >
            {saved ? "Save" : "Create rule"}
          </Button>
          <span aria-live="polite">
            {update.isSuccess && "Saved: the next sample is judged by it."}
            {refusal !== null && <span className="quiet">{refusal}</span>}
          </span>
        </div>
      </fieldset>
    </form>
  )
}
