"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Dialog } from "#app/ui/dialog.tsx"
import { TextField } from "#app/ui/form-field.tsx"
import { count } from "#app/ui/format.ts"
import type { Tone } from "#app/ui/mark.tsx"
import { StatusStrip } from "#app/ui/page-head.tsx"
import { MutationError } from "#app/ui/states.tsx"
import { showToast } from "#app/ui/toast.ts"
import { readSpan, writeSpan } from "#server/durations.ts"
import type { ServiceRow } from "#server/traces/index.ts"
import { factor, promiseOf, share } from "../objective-words.ts"

type Objective = NonNullable<ServiceRow["objective"]>

/** What is used up in two days of thirty is urgent. */
const URGENT = 14

/** What is promised of the service, and whether its calls of the time range keep it; nothing where nothing is promised. */
export function ObjectiveStrip({ summary: { objective, calls } }: { summary: ServiceRow }) {
  if (!objective) return null
  return (
    <section aria-label="Objective">
      <StatusStrip tone={toneOf(objective)} sentence={sentenceOf(objective, calls)} />
    </section>
  )
}

function toneOf({ burnRate }: Objective): Tone {
  if (burnRate === null) return "quiet"
  if (burnRate <= 1) return "good"
  return burnRate <= URGENT ? "warn" : "bad"
}

function sentenceOf(objective: Objective, calls: number): string {
  const promise = `Objective: ${promiseOf(objective)}.`
  if (objective.burnRate === null) return `${promise} There were no calls in this time range.`
  const bad = `${share(objective.bad / calls)} of the calls in this time range were bad`
  return objective.burnRate <= 1
    ? `${promise} ${bad}, less than the objective allows (burn rate ${factor(objective.burnRate)}).`
    : `${promise} ${bad}: the error budget burns ${factor(objective.burnRate)} as fast as the objective allows.`
}

/** Opens the form of the objective; disabled for those who may not set it. */
export function SetObjective({ service, objective }: { service: string; objective: Objective | null }) {
  const [isOpen, setOpen] = useState(false)
  const refusal = useRefusal("trace.configure")
  return (
    <>
      <button
        type="button"
        className="field"
        disabled={refusal !== null}
        title={refusal ?? undefined}
        onClick={() => setOpen(true)}
      >
        {objective ? "Change objective…" : "Set objective…"}
      </button>
      {isOpen && <ObjectiveForm service={service} objective={objective} close={() => setOpen(false)} />}
    </>
  )
}

interface FormProps {
  service: string
  objective: Objective | null
  close: () => void
}

function ObjectiveForm({ service, objective, close }: FormProps) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [percent, setPercent] = useState(
    objective ? String(Number((objective.target * 100).toPrecision(7))) : "99.9",
  )
  const [latency, setLatency] = useState(objective?.latencyMs ? writeSpan(objective.latencyMs) : "")
  const set = useMutation(
    trpc.traces.setObjective.mutationOptions({
      onSuccess: async (_, sent) => {
        await Promise.all([
          client.invalidateQueries({ queryKey: trpc.traces.service.queryKey() }),
          client.invalidateQueries({ queryKey: trpc.traces.services.queryKey() }),
        ])
        showToast(`The objective of ${service} was ${sent.objective ? "saved" : "removed"}.`)
        close()
      },
    }),
  )
  const target = Number(percent.replace("%", "").trim()) / 100
  const isTarget = percent.trim() !== "" && target >= 0.5 && target <= 0.99999
  const latencyMs = latency.trim() === "" ? null : readSpan(latency)
  const isLatency = latency.trim() === "" || (latencyMs !== null && latencyMs > 0 && latencyMs <= 3_600_000)
  return (
    <Dialog title={`Objective of ${service}`} onClose={close}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (isTarget && isLatency) set.mutate({ service, objective: { target, latencyMs } })
        }}
      >
        <TextField
          label="Good calls, in percent"
          value={percent}
          onChange={setPercent}
          problem={isTarget ? null : "Enter a percentage from 50 to 99.999."}
          help={
            isTarget &&
            `Allows 1 bad call in ${count(Math.round(1 / (1 - target)))}. A call that fails is bad.`
          }
        />
        <TextField
          label="Latency"
          hint="no limit"
          value={latency}
          onChange={setLatency}
          problem={isLatency ? null : "Enter a span of time of up to an hour, such as 500ms or 2s."}
          help="A call that takes longer is bad, too. Empty: only failed calls are."
        />
        <MutationError of={set} />
        <div className="row after">
          <button type="submit" className="field act" disabled={set.isPending || !isTarget || !isLatency}>
            Save
          </button>
          {objective && (
            <button
              type="button"
              className="field"
              disabled={set.isPending}
              onClick={() => set.mutate({ service, objective: null })}
            >
              Remove objective
            </button>
          )}
        </div>
      </form>
    </Dialog>
  )
}
