"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useId, useState } from "react"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Moment } from "#app/ui/moment.tsx"
import { Empty, MutationError } from "#app/ui/states.tsx"
import type { FailureDetail, FailureEventView } from "#server/failures/index.ts"

const SAYS: Record<string, string> = { state: "said", assignee: "assigned it to", replay: "replayed" }

/** What was said of a failure and done to it, the latest first. */
export function Talk({ failure }: { failure: FailureDetail }) {
  return (
    <section className="panel" aria-label="Comments and history">
      <Say failure={failure} />
      {failure.events.length === 0 ? (
        <Empty>No comments or activity yet.</Empty>
      ) : (
        <ul className="needs">
          {failure.events.map((event) => (
            <Said key={event.id} event={event} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Said({ event }: { event: FailureEventView }) {
  return (
    <li>
      <span className="strong">{event.actor}</span>
      <span className="said wrap pre">
        <span className="quiet">{SAYS[event.kind] ?? "wrote"}</span> {event.text}
      </span>
      <Moment at={event.at} className="quiet since" />
    </li>
  )
}

function Say({ failure }: { failure: FailureDetail }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const id = useId()
  const [comment, setComment] = useState("")
  const refused = useRefusal("failure.triage", failure.cluster)
  const say = useMutation(
    trpc.failures.triage.mutationOptions({
      onSuccess: () => {
        setComment("")
        return client.invalidateQueries({ queryKey: trpc.failures.get.queryKey() })
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    say.mutate({ cluster: failure.cluster, id: failure.id, comment })
  }
  return (
    <form onSubmit={submit} className="form-field measure">
      <label htmlFor={id}>Comment</label>
      <textarea
        id={id}
        className="field"
        rows={3}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
      />
      <div className="row">
        <button
          type="submit"
          className="field"
          disabled={refused !== null || comment.trim() === "" || say.isPending}
          title={refused ?? undefined}
        >
          Add comment
        </button>
        <MutationError of={say} inline />
      </div>
    </form>
  )
}
