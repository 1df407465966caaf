"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { type FormEvent, useId, useState } from "react"
import type { ConnectionField } from "#server/brokers/system.ts"
import { useRefusal } from "../../../access/me.tsx"
import { useTRPC } from "../../../trpc/client.tsx"
import { clusterPath } from "../../paths.ts"
import { Field } from "./field.tsx"
import { Steps } from "./steps.tsx"
import { initialValues, shownFields, toConnection, type Values } from "./values.ts"

interface Props {
  system: { id: string; name: string; fields: readonly ConnectionField[] }
}

/** The form that a system's own field list makes. What was tested is forgotten as soon as a field changes. */
export function ConnectForm({ system }: Props) {
  const trpc = useTRPC()
  const router = useRouter()
  const client = useQueryClient()
  const id = useId()
  const [name, setName] = useState("")
  const [values, setValues] = useState<Values>(() => initialValues(system.fields))
  const test = useMutation(trpc.clusters.test.mutationOptions())
  const connect = useMutation(
    trpc.clusters.connect.mutationOptions({
      onSuccess: async ({ cluster }) => {
        await client.invalidateQueries({ queryKey: trpc.clusters.list.queryKey() })
        router.push(clusterPath(cluster))
      },
    }),
  )
  const connection = toConnection(system.fields, values)
  const refusal = useRefusal("cluster.connect")
  const passed = test.data?.every((step) => step.result !== "failed") ?? false
  const change = (field: string, value: string | boolean) => {
    setValues({ ...values, [field]: value })
    test.reset()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (passed) connect.mutate({ name, system: system.id, connection })
    else test.mutate({ system: system.id, connection })
  }
  return (
    <form onSubmit={submit}>
      <div className="form-field">
        <label htmlFor={id}>Name</label>
        <input
          id={id}
          className="field"
          value={name}
          onChange={(event) => setName(event.target.value)}
          required
          maxLength={80}
          placeholder="prod-eu"
          aria-describedby={`${id}-help`}
        />
        <span id={`${id}-help`} className="quiet help">
          As your colleagues call it; it is part of the address of its pages.
        </span>
      </div>
      {shownFields(system.fields, values).map((field) => (
        <Field
          key={field.name}
          field={field}
          value={values[field.name] ?? ""}
          onChange={(value) => change(field.name, value)}
        />
      ))}
      <div aria-live="polite">
        {test.isPending && <p className="quiet">Trying the connection …</p>}
        {test.data && <Steps steps={test.data} />}
        {(test.error ?? connect.error) && (
          <p className="bad" role="alert">
            {(test.error ?? connect.error)?.message}
          </p>
        )}
      </div>
      <Acts
        passed={passed}
        tested={test.data !== undefined}
        busy={test.isPending || connect.isPending}
        refusal={refusal}
        again={() => test.mutate({ system: system.id, connection })}
        anyway={() => connect.mutate({ name, system: system.id, connection })}
        named={name.trim() !== ""}
      />
    </form>
  )
}

interface ActsProps {
  passed: boolean
  tested: boolean
  busy: boolean
  refusal: string | null
  named: boolean
  again: () => void
  anyway: () => void
}

function Acts({ passed, tested, busy, refusal, named, again, anyway }: ActsProps) {
  return (
    <div className="row">
      <button
        type="submit"
        className="field act"
        disabled={busy || refusal !== null}
        title={refusal ?? undefined}
      >
        {passed ? "Connect" : tested ? "Test again" : "Test connection"}
      </button>
      {passed && (
        <button type="button" className="field" disabled={busy} onClick={again}>
          Test again
        </button>
      )}
      {tested && !passed && (
        <button
          type="button"
          className="field"
          disabled={busy || !named}
          onClick={anyway}
          title="Signalbox goes on trying, and says on the cluster's page what fails."
        >
          Connect all the same
        </button>
      )}
      {refusal && <span className="quiet">{refusal}</span>}
    </div>
  )
}
