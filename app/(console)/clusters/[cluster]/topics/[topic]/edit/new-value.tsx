"use client"

import { useQueryStates } from "nuqs"
import type { ConfigEntry } from "#server/brokers/broker.ts"
import { type Changes, editParams } from "./search-params.ts"

/** A setting's new value; empty: it stays as it is. */
export function NewValue({ entry }: { entry: ConfigEntry }) {
  const [{ set: changes }, set] = useQueryStates(editParams, { history: "replace" })
  const { [entry.name]: chosen, ...others } = changes
  const choose = (value: string | null | undefined) =>
    void set({ set: toAddress(value === undefined ? others : { ...others, [entry.name]: value }) })
  const { isOverride } = entry
  return (
    <span className="row tight">
      <input
        className="field mono"
        aria-label={`New value of ${entry.name}`}
        placeholder={entry.value ?? ""}
        value={chosen ?? ""}
        disabled={chosen === null}
        autoComplete="off"
        onChange={(event) => choose(event.target.value === "" ? undefined : event.target.value)}
      />
      {(isOverride || chosen === null) && (
        <label className="row check">
          <input
            type="checkbox"
            checked={chosen === null}
            aria-label={`${entry.name} back to its default`}
            onChange={(event) => choose(event.target.checked ? null : undefined)}
          />
          default
        </label>
      )}
    </span>
  )
}

/** No change, no word in the address. */
function toAddress(changes: Changes): Changes | null {
  return Object.keys(changes).length === 0 ? null : changes
}
