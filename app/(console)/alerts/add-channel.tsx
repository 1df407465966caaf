"use client"

import { useMutation } from "@tanstack/react-query"
import { useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { Button } from "#app/ui/button.tsx"
import { Form } from "#app/ui/form.tsx"
import { Choice, TextField } from "#app/ui/form-field.tsx"
import { MutationError } from "#app/ui/states.tsx"
import { shownFields } from "#server/brokers/form.ts"
import { Field } from "../clusters/connection-form/field.tsx"
import { initialValues, toConnection, type Values } from "../clusters/connection-form/values.ts"

type Kind = RouterOutputs["alerts"]["channels"]["kinds"][number]

/** The form of one more channel, by its kind's own field list. */
export function AddChannel({ kinds, onAdded }: { kinds: readonly Kind[]; onAdded: () => Promise<unknown> }) {
  const trpc = useTRPC()
  const [kind, setKind] = useState(kinds[0]?.kind ?? "")
  const [name, setName] = useState("")
  const fields = kinds.find((one) => one.kind === kind)?.fields ?? []
  const [values, setValues] = useState<Values>(initialValues(fields))
  const add = useMutation(
    trpc.alerts.addChannel.mutationOptions({
      onSuccess: async () => {
        setName("")
        setValues(initialValues(fields))
        await onAdded()
      },
    }),
  )
  const choose = (next: string) => {
    setKind(next)
    setValues(initialValues(kinds.find((one) => one.kind === next)?.fields ?? []))
  }
  const submit = () => add.mutate({ name, kind, settings: toConnection(fields, values) })
  return (
    <section className="panel" aria-label="New channel">
      <h2>New channel</h2>
      <Form className="form" onSubmit={submit}>
        <TextField label="Name" value={name} onChange={setName} rule="Enter a name." />
        <Choice
          label="Kind"
          value={kind}
          of={Object.fromEntries(kinds.map((one) => [one.kind, one.label]))}
          onChange={choose}
        />
        {shownFields(fields, values).map((field) => (
          <Field
            key={field.name}
            field={field}
            value={values[field.name] ?? null}
            stored={false}
            onChange={(value) => setValues({ ...values, [field.name]: value })}
          />
        ))}
        <MutationError of={add} />
        <div className="row">
          <Button type="submit" className="field act" busy={add.isPending}>
            Add channel
          </Button>
        </div>
      </Form>
    </section>
  )
}
