"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterInputs } from "#app/trpc/types.ts"
import { Button } from "#app/ui/button.tsx"
import { Form } from "#app/ui/form.tsx"
import { Choice, TextField } from "#app/ui/form-field.tsx"
import { MutationError } from "#app/ui/states.tsx"
import { HOW, KINDS, PARTS } from "./words.ts"

type Rule = RouterInputs["masking"]["add"]

const BLANK: Rule = { on: null, destination: "", part: "value", kind: "path", expression: "", how: "hide" }

const HINTS = {
  path: { value: "$.customer.email or $..card", key: "$.customer", headers: "authorization or x-*" },
  pattern: { value: "\\d{13,19}", key: "\\d{13,19}", headers: "Bearer .*" },
}

/** A new rule. It holds from the next message on. */
export function AddRule() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [rule, setRule] = useState(BLANK)
  const change = (part: Partial<Rule>) => setRule({ ...rule, ...part })
  const clusters = useQuery(trpc.clusters.list.queryOptions())
  const add = useMutation(
    trpc.masking.add.mutationOptions({
      onSuccess: async () => {
        setRule(BLANK)
        await client.invalidateQueries({ queryKey: trpc.masking.rules.queryKey() })
      },
    }),
  )
  const names = Object.fromEntries((clusters.data ?? []).map(({ slug, name }) => [slug, name]))
  return (
    <section className="panel" aria-label="Add a masking rule">
      <h2>Add a rule</h2>
      <Form className="form" onSubmit={() => add.mutate(rule)}>
        <Choice
          label="Cluster"
          value={rule.on ?? ""}
          of={{ "": "every cluster", ...names }}
          onChange={(on) => change({ on: on === "" ? null : on })}
        />
        <TextField
          mono
          label="Topics, with * for any part of the name"
          hint="payments*"
          rule="Enter the name of a topic; * stands for any text."
          value={rule.destination}
          onChange={(destination) => change({ destination })}
        />
        <Choice label="In" value={rule.part} of={PARTS} onChange={(part) => change({ part })} />
        <Choice label="By" value={rule.kind} of={KINDS} onChange={(kind) => change({ kind })} />
        <TextField
          mono
          label={
            rule.kind === "pattern"
              ? "Regular expression (RE2)"
              : rule.part === "headers"
                ? "Header"
                : "JSONPath"
          }
          hint={HINTS[rule.kind][rule.part]}
          rule="Enter what is to be masked."
          value={rule.expression}
          onChange={(expression) => change({ expression })}
        />
        <Choice label="How" value={rule.how} of={HOW} onChange={(how) => change({ how })} />
        {rule.how === "hash" && (
          <p className="quiet note">
            Equal values keep the same hash. Anyone who may produce to the topic can compare the hash of a
            guess: hide values that can be guessed.
          </p>
        )}
        <div className="row">
          <Button type="submit" className="field act" busy={add.isPending}>
            Add
          </Button>
          <MutationError of={add} inline />
        </div>
      </Form>
    </section>
  )
}
