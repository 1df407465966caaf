"use client"

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { Warned } from "#app/(console)/acts/effect.tsx"
import { useTopicAct } from "#app/(console)/acts/use-topic-act.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { useDebounced } from "#app/ui/debounced.ts"
import { plural } from "#app/ui/format.ts"
import { showToast } from "#app/ui/toast.ts"
import type { ConfigEntry } from "#server/brokers/broker.ts"
import { SettingField } from "./setting-field.tsx"
import { spokenSetting } from "./settings.ts"
import type { TopicKey } from "./topic-key.ts"

const TYPING_MS = 400

interface Props extends TopicKey {
  entry: ConfigEntry
  choices: readonly string[] | undefined
  close: () => void
}

/** One setting, edited where it stands: the broker checks what is typed, then it is saved, and can be undone. */
export function EditSetting({ cluster, name, entry, choices, close }: Props) {
  const trpc = useTRPC()
  const [value, setValue] = useState<string | null>(entry.value ?? "")
  const typed = useDebounced(value, TYPING_MS)
  const { refresh } = useTopicAct(cluster, name)
  const isChanged = typed !== (entry.value ?? "") && typed !== ""
  const preview = useQuery({
    ...trpc.administration.previewConfigure.queryOptions({
      cluster,
      destination: name,
      changes: [{ name: entry.name, value: typed }],
    }),
    enabled: isChanged,
    placeholderData: keepPreviousData,
  })
  const undo = useMutation(
    trpc.administration.configure.mutationOptions({
      onSuccess: async () => {
        await refresh()
        showToast(`${entry.name} of ${name} is as it was before.`)
      },
      onError: (error) => showToast(error.message),
    }),
  )
  const save = useMutation(
    trpc.administration.configure.mutationOptions({
      onSuccess: async () => {
        close()
        await refresh()
        const shown = value === null ? "its default" : spokenSetting({ ...entry, value })
        const back = { name: entry.name, today: value, value: entry.isOverride ? entry.value : null }
        // Of a default that was restored it is not known what it is now.
        const act =
          value === null
            ? null
            : { label: "Undo", run: () => undo.mutate({ cluster, destination: name, changes: [back] }) }
        showToast(`${entry.name} of ${name} is now ${shown}.`, act)
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({
      cluster,
      destination: name,
      changes: [{ name: entry.name, today: entry.value, value }],
    })
  }
  const isSettled = isChanged && typed === value && !preview.isPlaceholderData && !preview.isFetching
  const deletes = preview.data?.deletes ?? 0
  const lost = `${plural(deletes, "message is", "messages are")} older than that and will be deleted soon (whole segments).`
  return (
    <form className="stack-tight edit-setting" aria-label={`Edit ${entry.name}`} onSubmit={submit}>
      <span className="row tight">
        <SettingField
          key={String(value === null)}
          name={entry.name}
          value={value ?? entry.default ?? ""}
          choices={choices}
          onChange={setValue}
        />
        <button
          type="submit"
          className="field act"
          disabled={!isSettled || preview.data?.refusal !== null || save.isPending}
        >
          Save
        </button>
        <button type="button" className="field" onClick={close}>
          Cancel
        </button>
        {entry.isOverride && (
          <button type="button" className="field" onClick={() => setValue(null)} disabled={value === null}>
            Use the default
          </button>
        )}
      </span>
      {isChanged && preview.data && (
        <Warned preview={preview.data} warnings={[...preview.data.warnings, ...(deletes > 0 ? [lost] : [])]}>
          <span className="quiet help">
            {isSettled
              ? `${spokenSetting(entry)} → ${value === null ? "default" : spokenSetting({ ...entry, value })}`
              : "Validating…"}
          </span>
        </Warned>
      )}
      {(preview.error ?? save.error) && (
        <p className="bad flat" role="alert">
          {(preview.error ?? save.error)?.message}
        </p>
      )}
    </form>
  )
}
