"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import { Combobox, type ComboboxOption } from "#app/ui/combobox.tsx"
import { count, plural } from "#app/ui/format.ts"
import { optionsOf, Select } from "#app/ui/select.tsx"
import { ATTRIBUTE_TESTS, type AttributeCondition, type AttributeTest } from "./filter.ts"
import type { Span } from "./span-of-time.ts"

interface Props {
  service: string
  within: Span
  onAdd: (condition: AttributeCondition) => void
}

/** A condition on an attribute: its key, then how it is compared, and with which value; the value adds it. */
export function AddCondition({ service, within, onAdd }: Props) {
  const [field, setField] = useState<string | null>(null)
  const [test, setTest] = useState<AttributeTest>("=")
  const add = (value: string, how = test) => {
    if (field === null) return
    onAdd({ field, test: how, value })
    setField(null)
    setTest("=")
  }
  return (
    <>
      <KeyField service={service} value={field} onChange={setField} />
      {field !== null && (
        <>
          <Select
            label="Comparison"
            value={test}
            options={optionsOf(ATTRIBUTE_TESTS)}
            onChange={(next) => (next === "exists" ? add("", next) : setTest(next))}
          />
          <ValueOf field={field} service={service} within={within} onChange={(value) => add(value)} />
        </>
      )}
    </>
  )
}

interface KeyFieldProps {
  service: string
  value: string | null
  onChange: (field: string) => void
}

function KeyField({ service, value, onChange }: KeyFieldProps) {
  const [search, setSearch] = useState("")
  const { data } = useQuery({
    ...useTRPC().traces.keys.queryOptions({ service, search }),
    placeholderData: keepPreviousData,
  })
  const options = (data ?? []).map(
    (one): ComboboxOption => ({
      ...{ value: one.field, label: one.field },
      note: plural(one.services, "service", "services"),
    }),
  )
  return (
    <Combobox
      label="Attribute"
      value={value}
      placeholder="Add an attribute"
      empty="No service has sent an attribute with this in its key."
      options={options}
      onChange={onChange}
      onSearch={setSearch}
    />
  )
}

interface ValueOfProps {
  field: string
  service: string
  within: Span
  onChange: (value: string) => void
}

/** The values that the attribute has had, and whatever is typed. */
function ValueOf({ field, service, within, onChange }: ValueOfProps) {
  const [search, setSearch] = useState("")
  const { data } = useQuery({
    ...useTRPC().traces.values.queryOptions({ field, service, search, ...within }),
    placeholderData: keepPreviousData,
  })
  const found = data?.values ?? []
  const typed = search === "" || found.some(({ value }) => value === search) ? [] : [search]
  return (
    <Combobox
      label="Value"
      value={null}
      placeholder="Value"
      empty="Type a value."
      options={[
        ...typed.map((value): ComboboxOption => ({ value, label: value, note: "as typed" })),
        ...found.map(({ value, spans }): ComboboxOption => ({ value, label: value, note: count(spans) })),
      ]}
      onChange={onChange}
      onSearch={setSearch}
    />
  )
}
