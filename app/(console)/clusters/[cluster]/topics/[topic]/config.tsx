"use client"

import { IconPencil } from "@tabler/icons-react"
import { useQueryStates } from "nuqs"
import { useState } from "react"
import { ActLink } from "#app/(console)/acts/act-link.tsx"
import { useOffered } from "#app/(console)/acts/use-offered.ts"
import { topicActPath } from "#app/(console)/paths.ts"
import { useRefusal } from "#app/access/me.tsx"
import { Search } from "#app/ui/search.tsx"
import { Empty } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import type { ConfigEntry } from "#server/brokers/broker.ts"
import type { SettingWords } from "#server/brokers/system.ts"
import { EditSetting } from "./edit-setting.tsx"
import { topicParams } from "./search-params.ts"
import { settingText, spokenSetting } from "./settings.ts"
import type { TopicKey } from "./topic-key.ts"

interface Props extends TopicKey {
  entries: ConfigEntry[] | null
  words: SettingWords
}

/** Set on purpose, for this topic: it would be another without. */
function isOverride(entry: ConfigEntry): boolean {
  return !entry.isDefault && (entry.default === null || entry.value !== entry.default)
}

/** How the topic is set: what people come for and what was set on purpose first, all of it when asked. */
export function Config({ entries, words, cluster, name }: Props) {
  const [state, set] = useQueryStates(topicParams, { history: "push" })
  const [edited, setEdited] = useState<string | null>(null)
  if (entries === null) {
    return <Empty>The configuration could not be read now; the message above says why.</Empty>
  }
  const place = (entry: ConfigEntry) => words.first.indexOf(entry.name)
  const isShown = (entry: ConfigEntry) => state.set === "all" || place(entry) !== -1 || isOverride(entry)
  const rows = entries
    .filter((entry) => isShown(entry) && entry.name.includes(state.key))
    .sort((a, b) => rank(place(a)) - rank(place(b)) || a.name.localeCompare(b.name))
  const columns: Column<ConfigEntry>[] = [
    { key: "name", label: "Setting", cell: (row) => <span className="mono wrap">{row.name}</span> },
    {
      key: "value",
      label: "Value",
      cell: (row) =>
        edited === row.name ? (
          <EditSetting
            {...{ cluster, name }}
            entry={row}
            choices={words.choices[row.name]}
            close={() => setEdited(null)}
          />
        ) : (
          <span className="row tight">
            <span className={isOverride(row) ? "strong" : undefined} title={settingText(row)}>
              {spokenSetting(row)}
            </span>
            <EditButton cluster={cluster} entry={row} open={() => setEdited(row.name)} />
          </span>
        ),
    },
    {
      key: "default",
      label: "Default",
      cell: (row) => (
        <span className="quiet" title={settingText({ ...row, value: row.default, sensitive: false })}>
          {isOverride(row) ? spokenSetting({ ...row, value: row.default, sensitive: false }) : "same"}
        </span>
      ),
    },
    { key: "source", label: "Set by", cell: (row) => <Source of={row} /> },
  ]
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
          Show all settings
        </label>
        <span className="grow" />
        <ActLink
          permission="destination.configure"
          cluster={cluster}
          href={topicActPath(cluster, name, "edit")}
        >
          Edit several
        </ActLink>
      </div>
      {rows.length === 0 ? (
        <Empty>No setting matches.</Empty>
      ) : (
        <Table label="Configuration" columns={columns} rows={rows} keyOf={(row) => row.name} />
      )}
    </section>
  )
}

function rank(place: number): number {
  return place === -1 ? Number.MAX_SAFE_INTEGER : place
}

function EditButton(props: { cluster: string; entry: ConfigEntry; open: () => void }) {
  const { cluster, entry, open } = props
  const refusal = useRefusal("destination.configure", cluster)
  const offered = useOffered("destination.configure", cluster)
  if (!offered || entry.readOnly || entry.sensitive) return null
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`Edit ${entry.name}`}
      disabled={refusal !== null}
      title={refusal ?? `Edit ${entry.name}`}
      onClick={open}
    >
      <IconPencil size={14} aria-hidden="true" />
    </button>
  )
}

/** Who set it: this topic, a broker or the whole cluster, or nobody. */
function Source({ of }: { of: ConfigEntry }) {
  const word = of.source.replaceAll("-", " ")
  return <span className={of.isOverride ? "tag notice" : "tag"}>{word}</span>
}
