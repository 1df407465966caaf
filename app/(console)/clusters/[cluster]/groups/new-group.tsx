"use client"

import { useRouter } from "next/navigation"
import { type FormEvent, useId, useState } from "react"
import { useOffered } from "#app/(console)/acts/use-offered.ts"
import { resetPath } from "#app/(console)/paths.ts"
import { useRefusal } from "#app/access/me.tsx"

/** Leads to making a group at a position, before any consumer has its name. */
export function NewGroup({ cluster }: { cluster: string }) {
  const router = useRouter()
  const id = useId()
  const [name, setName] = useState("")
  const refused = useRefusal("offsets.reset", cluster)
  const offered = useOffered("offsets.reset", cluster)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    router.push(`${resetPath(cluster, name)}?create=true`)
  }
  if (!offered) return null
  return (
    <details className="panel">
      <summary>Create consumer group</summary>
      <form className="row" onSubmit={submit}>
        <label htmlFor={id}>Name of the group</label>
        <input
          id={id}
          className="field"
          value={name}
          autoComplete="off"
          disabled={refused !== null}
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" className="field" disabled={refused !== null || name === ""}>
          Choose where
        </button>
        {refused && <span className="quiet">{refused}</span>}
      </form>
    </details>
  )
}
