"use client"

import { IconX } from "@tabler/icons-react"
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import { Combobox, type ComboboxOption } from "#app/ui/combobox.tsx"
import { count } from "#app/ui/format.ts"
import { Select } from "#app/ui/select.tsx"
import { AddCondition } from "./add-condition.tsx"
import { ConfirmedField } from "./confirmed-field.tsx"
import { ATTRIBUTE_TESTS, type AttributeCondition, durationOf, type Filter } from "./filter.ts"
import type { Span } from "./span-of-time.ts"

const STATUSES = [
  { value: "", label: "any status" },
  { value: "error", label: "error" },
  { value: "ok", label: "ok" },
  { value: "unset", label: "unset" },
]

interface Props {
  /** null: the query says more than the fields can. */
  filter: Filter | null
  onChange: (filter: Filter) => void
  within: Span
}

/** The most frequent conditions as fields: they write the query, and follow it. */
export function FilterFields({ filter, onChange, within }: Props) {
  if (!filter)
    return (
      <p className="quiet flat">
        The query has conditions that the fields cannot show. Change it above, or clear it to use the fields.
      </p>
    )
  const set = (change: Partial<Filter>) => onChange({ ...filter, ...change })
  const remove = (which: AttributeCondition) =>
    set({ attributes: filter.attributes.filter((one) => one !== which) })
  return (
    <>
      <ValueField
        label="Service"
        field="resource.service.name"
        any="Any service"
        value={filter.service}
        within={within}
        onChange={(service) => set({ service, operation: "" })}
      />
      <ValueField
        label="Operation"
        field="name"
        any="Any operation"
        value={filter.operation}
        service={filter.service}
        within={within}
        onChange={(operation) => set({ operation })}
      />
      <Select
        label="Status"
        value={filter.status}
        options={STATUSES}
        onChange={(status) => set({ status })}
      />
      <Duration label="Min duration" value={filter.min} onChange={(min) => set({ min })} />
      <Duration label="Max duration" value={filter.max} onChange={(max) => set({ max })} />
      <AddCondition
        service={filter.service}
        within={within}
        onAdd={(condition) => set({ attributes: [...filter.attributes, condition] })}
      />
      {filter.attributes.map((one) => (
        <Condition key={JSON.stringify(one)} of={one} remove={() => remove(one)} />
      ))}
    </>
  )
}

function Condition({ of, remove }: { of: AttributeCondition; remove: () => void }) {
  const words = `${of.field} ${ATTRIBUTE_TESTS[of.test]} ${of.value}`.trim()
  return (
    <span className="tag condition">
      <span className="wrap">{words}</span>
      <button type="button" className="icon-button" aria-label={`Remove ${words}`} onClick={remove}>
        <IconX size={14} aria-hidden="true" />
      </button>
    </span>
  )
}

interface ValueFieldProps {
  label: string
  field: string
  any: string
  value: string
  service?: string
  within: Span
  onChange: (value: string) => void
}

/** A choice among the values that a field has had. */
function ValueField({ label, field, any, value, service = "", within, onChange }: ValueFieldProps) {
  const [search, setSearch] = useState("")
  const { data } = useQuery({
    ...useTRPC().traces.values.queryOptions({ field, service, search, ...within }),
    placeholderData: keepPreviousData,
  })
  const found = (data?.values ?? []).map(
    (one): ComboboxOption => ({
      value: one.value,
      label: one.value,
      ...(one.spans > 0 ? { note: count(one.spans) } : {}),
    }),
  )
  return (
    <Combobox
      label={label}
      value={value || null}
      placeholder={any}
      empty="No span in this time range has it."
      options={[{ value: "", label: any }, ...found]}
      onChange={onChange}
      onSearch={setSearch}
    />
  )
}

function Duration(props: { label: string; value: string; onChange: (value: string) => void }) {
  return <ConfirmedField {...props} read={durationOf} problem="Enter a duration, such as 500ms or 1.5s." />
}
