"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Button } from "#app/ui/button.tsx"
import { Form } from "#app/ui/form.tsx"
import { TextField } from "#app/ui/form-field.tsx"
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
  return (
    <Form
      onSubmit={() => say.mutate({ cluster: failure.cluster, id: failure.id, comment })}
      className="form measure"
    >
      <TextField label="Comment" rows={3} value={comment} onChange={setComment} rule="Enter a comment." />
      <div className="row">
        <Button type="submit" refusal={refused} busy={say.isPending}>
          Add comment
        </Button>
        <MutationError of={say} inline />
      </div>
    </Form>
  )
}
