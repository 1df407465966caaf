"use client"

import { useQuery } from "@tanstack/react-query"
import { useQueryStates } from "nuqs"
import { ActPage } from "#app/(console)/acts/act-page.tsx"
import { useTopicAct } from "#app/(console)/acts/use-topic-act.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { Search } from "#app/ui/search.tsx"
import { Empty, Query } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import type { ConfigEntry } from "#server/brokers/broker.ts"
import { settingText } from "../settings.ts"
import type { TopicKey } from "../topic-key.ts"
import { Difference } from "./difference.tsx"
import { NewValue } from "./new-value.tsx"
import { editParams } from "./search-params.ts"

/** Changes settings: all changes at a glance, which are applied there, above each setting beside today's value. */
export function EditPage({ cluster, name }: TopicKey) {
  const trpc = useTRPC()
  const { above } = useTopicAct(cluster, name)
  const topic = useQuery(trpc.destinations.get.queryOptions({ cluster, name }))
  return (
    <ActPage
      cluster={cluster}
      permission="destination.configure"
      above={above}
      title={`Settings of ${name}`}
      about="Only what is changed here is written; all other settings stay as they are."
    >
      <Difference cluster={cluster} name={name} />
      <Query of={topic}>
        {({ config }) =>
          config === null ? (
            <section className="panel">
              <Empty>The settings could not be read now; the topic's page says why.</Empty>
            </section>
          ) : (
            <Settings entries={config.filter((entry) => !entry.readOnly && !entry.sensitive)} />
          )
        }
      </Query>
    </ActPage>
  )
}

const COLUMNS: Column<ConfigEntry>[] = [
  { key: "name", label: "Setting", cell: (row) => <span className="mono">{row.name}</span> },
  {
    key: "value",
    label: "Current",
    cell: (row) => <span className={row.isDefault ? "mono" : "mono strong"}>{settingText(row)}</span>,
  },
  { key: "new", label: "New value", cell: (row) => <NewValue entry={row} /> },
]

function Settings({ entries }: { entries: ConfigEntry[] }) {
  const [state, set] = useQueryStates(editParams, { history: "replace" })
  const rows = entries
    .filter((entry) => entry.name.includes(state.key))
    .sort((a, b) => a.name.localeCompare(b.name))
  return (
    <section className="panel" aria-label="Settings">
      <div className="row tools">
        <Search label="Filter settings" value={state.key} onChange={(key) => void set({ key })} />
      </div>
      {rows.length === 0 ? (
        <Empty>No setting matches.</Empty>
      ) : (
        <Table label="Settings" columns={COLUMNS} rows={rows} keyOf={(row) => row.name} />
      )}
    </section>
  )
}
