"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import Link from "next/link"
import { type FormEvent, useState } from "react"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { Button } from "#app/ui/button.tsx"
import { TextField } from "#app/ui/form-field.tsx"
import { MutationError } from "#app/ui/states.tsx"
import { formatMatchers } from "#server/alerts/matcher-text.ts"

type Alert = RouterOutputs["alerts"]["list"]["rows"][number]

function useAcknowledge() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const mutation = useMutation(
    trpc.alerts.acknowledge.mutationOptions({
      onSuccess: () => client.invalidateQueries({ queryKey: trpc.alerts.pathKey() }),
    }),
  )
  return { mutation, refusal: useRefusal("alert.acknowledge") }
}

/** Says that somebody looks after a firing alert, or takes that back. */
export function Acknowledge({ alert }: { alert: Alert }) {
  const { mutation, refusal } = useAcknowledge()
  if (alert.state !== "firing") return null
  const acknowledged = alert.acknowledged === null
  return (
    <>
      <Button
        refusal={refusal}
        busy={mutation.isPending}
        aria-label={acknowledged ? `Acknowledge: ${alert.sentence}` : `Unacknowledge: ${alert.sentence}`}
        onClick={() => mutation.mutate({ id: alert.id, acknowledged })}
      >
        {acknowledged ? "Acknowledge" : "Unacknowledge"}
      </Button>
      <MutationError of={mutation} inline />
    </>
  )
}

/** Acknowledges with a comment for whoever looks at it next. */
export function AcknowledgeForm({ alert }: { alert: Alert }) {
  const { mutation, refusal } = useAcknowledge()
  const [comment, setComment] = useState("")
  if (alert.state !== "firing") return null
  if (alert.acknowledged !== null) return <Acknowledge alert={alert} />
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const said = comment.trim() === "" ? {} : { comment: comment.trim() }
    mutation.mutate({ id: alert.id, acknowledged: true, ...said })
  }
  return (
    <form className="form" onSubmit={submit} aria-label="Acknowledge">
      <TextField
        label="Comment"
        hint="Looking into it: the deploy of 14:05 is rolled back"
        value={comment}
        onChange={setComment}
        help="Optional; shown with the alert."
      />
      <div className="row">
        <Button type="submit" className="field act" refusal={refusal} busy={mutation.isPending}>
          Acknowledge
        </Button>
        <MutationError of={mutation} inline />
      </div>
    </form>
  )
}

/** The way to the form of a silence, filled with the labels of the alert; nothing while one holds. */
export function SilenceLink({ alert }: { alert: Alert }) {
  if (alert.silence || alert.state === "resolved") return null
  const matchers = Object.entries(alert.labels).map(([label, value]) => ({ label, op: "=" as const, value }))
  const query = new URLSearchParams({ tab: "silences", matchers: formatMatchers(matchers) })
  return (
    <Link className="field" href={`/alerts?${query}`} aria-label={`Silence: ${alert.sentence}`}>
      Silence
    </Link>
  )
}
