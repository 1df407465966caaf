"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Choice } from "#app/ui/form-field.tsx"
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
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const named = Object.fromEntries(Object.entries(mapped).filter(([, name]) => name.trim() !== ""))
    const mapping = holds && Object.keys(named).length > 0 ? { ...named, numbers } : null
    save.mutate({ cluster, pattern, holds, mapping })
  }
  return (
    <form onSubmit={submit} className="form" aria-label="New rule">
      <h3 className="flat">New rule</h3>
      <label className="form-field">
        <span>Name of the destination; * stands for anything</span>
        <input
          className="field mono"
          placeholder="orders-graveyard"
          value={pattern}
          onChange={(event) => setPattern(event.target.value)}
        />
      </label>
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
        <button
          type="submit"
          className="field act"
          disabled={refused !== null || save.isPending || pattern.trim() === ""}
          title={refused ?? undefined}
        >
          Save rule
        </button>
        {refused && <span className="quiet">{refused}</span>}
        <MutationError of={save} inline />
      </div>
    </form>
  )
}
