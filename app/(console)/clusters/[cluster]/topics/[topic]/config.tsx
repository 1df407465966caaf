"use client"

import { useQueryStates } from "nuqs"
import { ActLink } from "#app/(console)/acts/act-link.tsx"
import { topicActPath } from "#app/(console)/paths.ts"
import { Search } from "#app/ui/search.tsx"
import { Empty } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import type { ConfigEntry } from "#server/brokers/broker.ts"
import { topicParams } from "./search-params.ts"
import { settingText } from "./settings.ts"
import type { TopicKey } from "./topic-key.ts"

const COLUMNS: Column<ConfigEntry>[] = [
  { key: "name", label: "Setting", cell: (row) => <span className="mono">{row.name}</span> },
  {
    key: "value",
    label: "Value",
    cell: (row) => <span className={row.isDefault ? "mono" : "mono strong"}>{settingText(row)}</span>,
  },
  {
    key: "default",
    label: "Default",
    cell: (row) => (
      <span className="mono quiet">
        {row.isDefault ? "same" : settingText({ ...row, value: row.default, sensitive: false })}
      </span>
    ),
  },
  { key: "source", label: "Set by", cell: (row) => row.source.replaceAll("-", " ") },
]

/** Set on purpose, for this topic: it would be another without. */
function isOverride(entry: ConfigEntry): boolean {
  return !entry.isDefault && (entry.default === null || entry.value !== entry.default)
}

/** How the topic is set: what was set on purpose first, all of it when asked. */
export function Config(props: TopicKey & { entries: ConfigEntry[] | null }) {
  const [state, set] = useQueryStates(topicParams, { history: "push" })
  if (props.entries === null) {
    return <Empty>The configuration could not be read now; the message above says why.</Empty>
  }
  const rows = props.entries.filter(
    (entry) => (state.set === "all" || isOverride(entry)) && entry.name.includes(state.key),
  )
  return (
    <section className="panel" aria-label="Configuration">
      <div className="row tools">
        <Search label="Filter settings" value={state.key} onChange={(key) => void set({ key })} />
        <label className="row check">
          <input
            type="checkbox"
            checked={state.set === "all"}
            onChange={(event) => void set({ set: event.target.checked ? "all" : null })}
          />
          Show defaults
        </label>
        <span className="grow" />
        <ActLink
          permission="destination.configure"
          cluster={props.cluster}
          href={topicActPath(props.cluster, props.name, "edit")}
        >
          Edit
        </ActLink>
      </div>
      {rows.length === 0 ? (
        <Empty>
          {state.set === "all" ? "No setting matches." : "All settings use the cluster defaults."}
        </Empty>
      ) : (
        <Table label="Configuration" columns={COLUMNS} rows={rows} keyOf={(row) => row.name} />
      )}
    </section>
  )
}
