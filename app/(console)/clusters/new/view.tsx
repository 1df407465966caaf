"use client"

import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { HOME } from "#app/(console)/home.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { PageHead } from "#app/ui/page-head.tsx"
import { Query } from "#app/ui/states.tsx"
import { ConnectForm } from "./form.tsx"

/** Connects a cluster: which system, how to reach it, a test, and then it is kept. */
export function ConnectPage() {
  const trpc = useTRPC()
  const systems = useQuery(trpc.clusters.systems.queryOptions())
  const [chosen, setChosen] = useState<string | null>(null)
  return (
    <>
      <PageHead above={[...HOME, { href: "/clusters", label: "Clusters" }]} title="Connect a cluster" />
      <Query of={systems}>
        {(list) => {
          const system = list.find((one) => one.id === chosen) ?? list[0]
          return (
            <section className="panel form" aria-label="Connection">
              {list.length > 1 && (
                <fieldset className="row">
                  <legend>System</legend>
                  {list.map((one) => (
                    <label key={one.id} className="row">
                      <input
                        type="radio"
                        name="system"
                        checked={one.id === system?.id}
                        onChange={() => setChosen(one.id)}
                      />
                      <svg width={18} height={18} viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
                        <path d={one.icon} />
                      </svg>
                      {one.name}
                    </label>
                  ))}
                </fieldset>
              )}
              {system && <ConnectForm key={system.id} system={system} />}
            </section>
          )
        }}
      </Query>
    </>
  )
}
