"use client"

import { useRouter } from "next/navigation"
import { useState } from "react"
import { useOffered } from "#app/(console)/acts/use-offered.ts"
import { resetPath } from "#app/(console)/paths.ts"
import { useRefusal } from "#app/access/me.tsx"
import { Button } from "#app/ui/button.tsx"
import { Form } from "#app/ui/form.tsx"
import { TextField } from "#app/ui/form-field.tsx"

/** Leads to making a group at a position, before any consumer has its name. */
export function NewGroup({ cluster }: { cluster: string }) {
  const router = useRouter()
  const [name, setName] = useState("")
  const refused = useRefusal("offsets.reset", cluster)
  const offered = useOffered("offsets.reset", cluster)
  if (!offered) return null
  return (
    <details className="panel">
      <summary>Create consumer group</summary>
      <Form className="form" onSubmit={() => router.push(`${resetPath(cluster, name)}?create=true`)}>
        <TextField
          label="Name of the group"
          value={name}
          onChange={setName}
          isDisabled={refused !== null}
          rule="Enter a name."
        />
        <div className="row">
          <Button type="submit" refusal={refused}>
            Choose where
          </Button>
          {refused && <span className="quiet">{refused}</span>}
        </div>
      </Form>
    </details>
  )
}
