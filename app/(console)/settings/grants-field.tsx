"use client"

import { useQuery } from "@tanstack/react-query"
import { useId } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import { Select } from "#app/ui/select.tsx"
import type { Role } from "#server/actor.ts"

const ROLES = ["viewer", "operator", "admin"] as const

export interface GrantsValue {
  role: Role | null
  clusters: Record<string, Role>
}

interface Props {
  value: GrantsValue
  onChange: (value: GrantsValue) => void
}

/** A role on all clusters, and more on some. */
export function GrantsField({ value, onChange }: Props) {
  const id = useId()
  const trpc = useTRPC()
  const clusters = useQuery(trpc.clusters.list.queryOptions())
  const others = (clusters.data ?? []).filter(({ slug }) => !(slug in value.clusters))
  const set = (slug: string, role: Role | null) => {
    const { [slug]: _before, ...rest } = value.clusters
    onChange({ ...value, clusters: role === null ? rest : { ...rest, [slug]: role } })
  }
  return (
    <>
      <div className="form-field">
        <label htmlFor={id}>Role on all clusters</label>
        <RoleSelect
          id={id}
          none="none: only on the clusters below"
          value={value.role}
          onChange={(role) => onChange({ ...value, role })}
        />
        <span className="quiet help">
          Viewers have read-only access. Operators also reset offsets, replay, produce and search messages.
          Administrators also connect clusters, delete, and manage users.
        </span>
      </div>
      {Object.entries(value.clusters).map(([slug, role]) => (
        <div key={slug} className="form-field">
          <label htmlFor={`${id}-${slug}`}>Role on {slug}</label>
          <RoleSelect
            id={`${id}-${slug}`}
            none="none"
            value={role}
            onChange={(chosen) => set(slug, chosen)}
          />
        </div>
      ))}
      {others.length > 0 && (
        <Select
          label="Add a role on one cluster"
          value=""
          options={[
            { value: "", label: "Add a role on one cluster …" },
            ...others.map(({ slug, name }) => ({ value: slug, label: name })),
          ]}
          onChange={(slug) => slug !== "" && set(slug, "viewer")}
        />
      )}
    </>
  )
}

interface RoleSelectProps {
  id: string
  none: string
  value: Role | null
  onChange: (role: Role | null) => void
}

function RoleSelect({ id, none, value, onChange }: RoleSelectProps) {
  return (
    <Select
      id={id}
      value={value ?? ""}
      options={[{ value: "", label: none }, ...ROLES.map((role) => ({ value: role, label: role }))]}
      onChange={(role) => onChange(role === "" ? null : role)}
    />
  )
}

/** A role on all clusters, then those on some, in words. */
export function GrantsText({ role, clusters }: { role: string | null; clusters: Record<string, string> }) {
  const some = Object.entries(clusters).map(([slug, held]) => `${held} on ${slug}`)
  if (role === null && some.length === 0) return <span className="quiet">no role</span>
  return <span>{[...(role === null ? [] : [role]), ...some].join(", ")}</span>
}
