"use client"

import { useMutation } from "@tanstack/react-query"
import { useId, useState } from "react"
import { Form, useValidity } from "#app/ui/form.tsx"
import { shownFields } from "#server/brokers/form.ts"
import type { ConnectionField, ProbeStep } from "#server/brokers/system.ts"
import { Acts } from "./acts.tsx"
import { Field } from "./field.tsx"
import { Steps } from "./steps.tsx"
import { toConnection, type Values } from "./values.ts"

export interface Filled {
  name: string
  environment: string | null
  connection: Record<string, unknown>
}

const ENVIRONMENTS = ["dev", "staging", "production"]

interface Props {
  fields: readonly ConnectionField[]
  initial: { name: string; environment: string | null; values: Values }
  /** Fields whose secret is stored: left empty, it stays. */
  stored?: readonly string[]
  /** Why this may not be changed; null: it may. */
  refusal: string | null
  /** What the last button does: Connect. */
  verb: string
  test: (filled: Filled) => Promise<ProbeStep[]>
  save: (filled: Filled) => Promise<unknown>
}

/** The form that a system's own field list makes. What was tested is forgotten as soon as a field changes. */
export function ConnectionForm(props: Props) {
  const { fields, refusal } = props
  const [name, setName] = useState(props.initial.name)
  const [environment, setEnvironment] = useState(props.initial.environment ?? "")
  const [values, setValues] = useState<Values>(props.initial.values)
  const test = useMutation({ mutationFn: props.test })
  const save = useMutation({ mutationFn: props.save })
  const filled = () => ({
    name: name.trim(),
    environment: environment.trim() || null,
    connection: toConnection(fields, values),
  })
  const passed = test.data?.every((step) => step.result !== "failed") ?? false
  const change = (field: string, value: string | boolean | null) => {
    setValues({ ...values, [field]: value })
    test.reset()
    save.reset()
  }
  const submit = () => {
    if (passed) save.mutate(filled())
    else test.mutate(filled())
  }
  const failure = test.error ?? save.error
  return (
    <Form onSubmit={submit}>
      <fieldset className="form plain" disabled={refusal !== null}>
        <NameField value={name} onChange={setName} />
        <EnvironmentField value={environment} onChange={setEnvironment} />
        {shownFields(fields, values).map((field) => (
          <Field
            key={field.name}
            field={field}
            value={values[field.name] ?? null}
            stored={props.stored?.includes(field.name) ?? false}
            onChange={(value) => change(field.name, value)}
          />
        ))}
      </fieldset>
      <div aria-live="polite">
        {test.isPending && <p className="quiet">Trying the connection …</p>}
        {test.data && <Steps steps={test.data} />}
        {failure && (
          <p className="bad" role="alert">
            {failure.message}
          </p>
        )}
      </div>
      <Acts
        verb={props.verb}
        passed={passed}
        tested={test.data !== undefined}
        busy={test.isPending || save.isPending}
        refusal={refusal}
        again={() => test.mutate(filled())}
        anyway={() => save.mutate(filled())}
      />
    </Form>
  )
}

/** Any word, with those that most people use at hand. */
function EnvironmentField(props: { value: string; onChange: (value: string) => void }) {
  const id = useId()
  return (
    <div className="form-field">
      <label htmlFor={id}>Environment</label>
      <input
        id={id}
        className="field"
        list={`${id}-words`}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
        maxLength={60}
        placeholder="production"
        aria-describedby={`${id}-help`}
      />
      <datalist id={`${id}-words`}>
        {ENVIRONMENTS.map((word) => (
          <option key={word} value={word} />
        ))}
      </datalist>
      <span id={`${id}-help`} className="quiet help">
        Shown with the cluster. Alert rules and routes can choose clusters by it. Optional.
      </span>
    </div>
  )
}

function NameField(props: { value: string; onChange: (value: string) => void }) {
  const { field, helpId, note } = useValidity({ rule: "Enter a name.", help: true })
  return (
    <div className="form-field">
      <label htmlFor={field.id}>Name</label>
      <input
        {...field}
        className="field"
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
        required
        maxLength={80}
        placeholder="prod-eu"
      />
      {note}
      <span id={helpId} className="quiet help">
        Display name. The URL is derived from the first name and does not change.
      </span>
    </div>
  )
}
