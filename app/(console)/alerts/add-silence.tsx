"use client"

import { useMutation, useQuery } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Button } from "#app/ui/button.tsx"
import { DateTime } from "#app/ui/date-time.tsx"
import { useDebounced } from "#app/ui/debounced.ts"
import { Choice, TextField } from "#app/ui/form-field.tsx"
import { plural } from "#app/ui/format.ts"
import { focusInvalid, Problem } from "#app/ui/problem.tsx"
import { MutationError } from "#app/ui/states.tsx"
import { parseMatchers } from "#server/alerts/matcher-text.ts"
import { MatchersField } from "./matchers-field.tsx"
import { startingWindow, WeeklyWindow } from "./weekly-window.tsx"

const HOUR_MS = 3_600_000
const KINDS = {
  "1": "for 1 hour",
  "4": "for 4 hours",
  "24": "for a day",
  "168": "for a week",
  until: "until a time",
  weekly: "every week, as a maintenance window",
} as const
type Kind = keyof typeof KINDS

interface Props {
  /** Matchers as text. */
  start: string
  onAdded: () => Promise<unknown>
}

/** The form of one more silence, with how much it would mute. */
export function AddSilence({ start, onAdded }: Props) {
  const trpc = useTRPC()
  const refusal = useRefusal("alert.silence")
  const [text, setText] = useState(start)
  const [kind, setKind] = useState<Kind>("1")
  const [until, setUntil] = useState("")
  const [weekly, setWeekly] = useState(startingWindow)
  const [comment, setComment] = useState("")
  const matchers = parseMatchers(text)
  const asked = parseMatchers(useDebounced(text, 300)) ?? []
  const preview = useQuery({
    ...trpc.alerts.previewSilence.queryOptions({ matchers: asked }),
    enabled: refusal === null && asked.length > 0,
  })
  const add = useMutation(
    trpc.alerts.addSilence.mutationOptions({
      onSuccess: async () => {
        setText("")
        setComment("")
        setTried(false)
        await onAdded()
      },
    }),
  )
  const [isTried, setTried] = useState(false)
  const missing = {
    matchers: matchers?.length === 0 ? "Enter at least one label." : null,
    until: kind === "until" && until === "" ? "Enter the time at which it ends." : null,
    comment: comment.trim() === "" ? "Enter a reason, for whoever sees the silence." : null,
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setTried(true)
    if (matchers === null || Object.values(missing).some((one) => one !== null))
      return focusInvalid(event.currentTarget)
    add.mutate({
      matchers,
      endsAt: kind === "weekly" ? null : endOf(kind, until),
      recurrence: kind === "weekly" ? weekly : null,
      comment,
    })
  }
  return (
    <section className="panel" aria-label="New silence">
      <h2>New silence</h2>
      <form className="form" onSubmit={submit}>
        <MatchersField
          hint="cluster=prod group=billing-*"
          missing={isTried ? missing.matchers : null}
          value={text}
          onChange={setText}
          help={
            (matchers?.length ?? 0) > 0 && preview.data
              ? `Mutes ${plural(preview.data.mutes, "alert that fires", "alerts that fire")} now.`
              : "Labels: cluster, environment, group, destination, alertname, signal, severity, and those of your rules. * stands for any text."
          }
        />
        <Choice label="Silenced" value={kind} of={KINDS} onChange={setKind} />
        {kind === "until" && (
          <div>
            <DateTime
              label="Until"
              at={until}
              onChange={setUntil}
              toTheMinute
              isWrong={isTried && missing.until !== null}
            />
            <Problem of={isTried ? missing.until : null} />
          </div>
        )}
        {kind === "weekly" && <WeeklyWindow value={weekly} onChange={setWeekly} />}
        <TextField
          label="Why"
          hint="Deploying billing 2.4"
          value={comment}
          onChange={setComment}
          problem={isTried ? missing.comment : null}
        />
        <div className="row">
          <Button type="submit" className="field act" refusal={refusal} busy={add.isPending}>
            Silence
          </Button>
          <MutationError of={add} inline />
        </div>
      </form>
    </section>
  )
}

function endOf(kind: Exclude<Kind, "weekly">, until: string): number {
  return kind === "until" ? Date.parse(until) : Date.now() + Number(kind) * HOUR_MS
}
