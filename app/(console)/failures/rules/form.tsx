"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Button } from "#app/ui/button.tsx"
import { Form } from "#app/ui/form.tsx"
import { Choice, TextField } from "#app/ui/form-field.tsx"
import { MutationError } from "#app/ui/states.tsx"

const FIELDS = [
  ["destination", "Original destination"],
  ["partition", "Original partition"],
  ["offset", "Original offset"],
  ["timestamp", "Original timestamp, ms"],
  ["group", "Consumer group"],
  ["exceptionType", "Exception class"],
  ["exceptionMessage", "Exception message"],
  ["stack", "Stack trace"],
  ["attempts", "Attempts"],
  ["version", "Version of the consumer"],
] as const

type Mapped = Partial<Record<(typeof FIELDS)[number][0], string>>

/** A new rule: which destinations, whether they hold dead letters, and which of their headers hold what. */
export function RuleForm({ cluster }: { cluster: string }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const refused = useRefusal("failure.configure", cluster)
  const [pattern, setPattern] = useState("")
  const [holds, setHolds] = useState(true)
  const [mapped, setMapped] = useState<Mapped>({})
  const [numbers, setNumbers] = useState<"text" | "big-endian">("text")
  const save = useMutation(
    trpc.failures.saveRule.mutationOptions({
      onSuccess: () => {
        setPattern("")
        setMapped({})
        return client.invalidateQueries({ queryKey: trpc.failures.pathKey() })
      },
    }),
  )
  const submit = () => {
    const named = Object.fromEntries(Object.entries(mapped).filter(([, name]) => name.trim() !== ""))
    const mapping = holds && Object.keys(named).length > 0 ? { ...named, numbers } : null
    save.mutate({ cluster, pattern, holds, mapping })
  }
  return (
    <Form onSubmit={submit} className="form" aria-label="New rule">
      <h3 className="flat">New rule</h3>
      <TextField
        mono
        label="Name of the destination; * stands for anything"
        hint="orders-graveyard"
        value={pattern}
        onChange={setPattern}
        rule="Enter the name of a destination."
      />
      <label className="row check">
        <input type="checkbox" checked={holds} onChange={(event) => setHolds(event.target.checked)} />
        It holds dead letters
      </label>
      {holds && (
        <details>
          <summary>Which header holds what</summary>
          <p className="quiet">
            Spring Kafka, Kafka Connect and Kafka Streams are read without this. Leave empty what your headers
            do not tell.
          </p>
          <div className="form fields">
            {FIELDS.map(([field, label]) => (
              <label key={field} className="form-field">
                <span>{label}</span>
                <input
                  className="field mono"
                  placeholder="name of a header"
                  value={mapped[field] ?? ""}
                  onChange={(event) => setMapped({ ...mapped, [field]: event.target.value })}
                />
              </label>
            ))}
            <Choice
              label="Numbers are written as"
              value={numbers}
              of={{ text: "digits (text)", "big-endian": "bytes, big-endian (Java's ByteBuffer)" }}
              onChange={setNumbers}
            />
          </div>
        </details>
      )}
      <div className="row">
        <Button type="submit" className="field act" refusal={refused} busy={save.isPending}>
          Save rule
        </Button>
        {refused && <span className="quiet">{refused}</span>}
        <MutationError of={save} inline />
      </div>
    </Form>
  )
}
