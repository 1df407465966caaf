"use client"

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { useQueryStates } from "nuqs"
import { ActPanel } from "#app/(console)/acts/act-panel.tsx"
import { Warned } from "#app/(console)/acts/effect.tsx"
import { useTopicAct } from "#app/(console)/acts/use-topic-act.ts"
import { topicPath } from "#app/(console)/paths.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { useDebounced } from "#app/ui/debounced.ts"
import { plural } from "#app/ui/format.ts"
import { Empty, Query } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import { showToast } from "#app/ui/toast.ts"
import type { ConfigurePreview, SettingChange } from "#server/administration/index.ts"
import { settingText } from "../settings.ts"
import type { TopicKey } from "../topic-key.ts"
import { editParams } from "./search-params.ts"

const TYPING_MS = 400

function text(name: string, value: string | null) {
  return settingText({ name, value, sensitive: false })
}

const COLUMNS: Column<SettingChange>[] = [
  { key: "name", label: "Setting", cell: (row) => <span className="mono">{row.name}</span> },
  {
    key: "today",
    label: "Current",
    cell: (row) => <del className="mono removed">{text(row.name, row.today)}</del>,
  },
  {
    key: "next",
    label: "New",
    cell: (row) => <ins className="mono added">{text(row.name, row.next)}</ins>,
  },
  {
    key: "default",
    label: "Default",
    cell: (row) => <span className="mono quiet">{text(row.name, row.default)}</span>,
  },
]

/** All changes at a glance, checked by the broker, with the button that applies them. */
export function Difference(props: TopicKey) {
  const { cluster, name } = props
  const trpc = useTRPC()
  const [state] = useQueryStates(editParams)
  const wanted = useDebounced(state.set, TYPING_MS)
  const changes = Object.entries(wanted).map(([setting, value]) => ({ name: setting, value }))
  const preview = useQuery({
    ...trpc.administration.previewConfigure.queryOptions({ cluster, destination: name, changes }),
    enabled: changes.length > 0,
    placeholderData: keepPreviousData,
  })
  const isSettled = wanted === state.set && !preview.isPlaceholderData && !preview.isFetching
  return (
    <ActPanel className="diff" label="Changes">
      <h2>Changes</h2>
      {changes.length === 0 ? (
        <Empty>Nothing is changed yet: give a new value below.</Empty>
      ) : (
        <Query of={preview}>
          {(found) => (
            <>
              <Table label="Changes" columns={COLUMNS} rows={found.changes} keyOf={(row) => row.name} />
              <Apply {...props} preview={found} wanted={wanted} isSettled={isSettled} />
            </>
          )}
        </Query>
      )}
    </ActPanel>
  )
}

interface ApplyProps extends TopicKey {
  preview: ConfigurePreview
  wanted: Record<string, string | null>
  /** False: what is shown is not yet of what was typed last. */
  isSettled: boolean
}

function Apply({ cluster, name, preview, wanted, isSettled }: ApplyProps) {
  const trpc = useTRPC()
  const router = useRouter()
  const { refresh } = useTopicAct(cluster, name)
  const configure = useMutation(
    trpc.administration.configure.mutationOptions({
      onSuccess: async () => {
        await refresh()
        showToast(`The configuration of ${name} was changed.`)
        router.push(`${topicPath(cluster, name)}?tab=config`)
      },
    }),
  )
  const changes = preview.changes.map((one) => ({
    name: one.name,
    today: one.today,
    value: wanted[one.name] ?? null,
  }))
  const deletes = preview.deletes ?? 0
  const lost = `${plural(deletes, "message is", "messages are")} older than that and will be deleted soon (whole segments).`
  return (
    <div className="form row-after">
      <Warned preview={preview} warnings={[...preview.warnings, ...(deletes > 0 ? [lost] : [])]}>
        <div className="row">
          <button
            type="button"
            className="field act"
            disabled={!isSettled || configure.isPending}
            onClick={() => configure.mutate({ cluster, destination: name, changes })}
          >
            Apply {plural(changes.length, "change", "changes")}
          </button>
          {!isSettled && <span className="quiet">Validating…</span>}
        </div>
        {configure.error && (
          <p className="bad flat" role="alert">
            {configure.error.message}
          </p>
        )}
      </Warned>
    </div>
  )
}
