"use client"

import { Choice, TextField } from "#app/ui/form-field.tsx"
import { ChosenChannels } from "./chosen-channels.tsx"
import { MatchersField } from "./matchers-field.tsx"
import { type Draft, routeOf } from "./routes.ts"
import { Waits } from "./waits.tsx"

const MINUTE_MS = 60_000
const ESCALATIONS = {
  "0": "never",
  "5": "5 minutes",
  "15": "15 minutes",
  "30": "30 minutes",
  "60": "an hour",
}

interface Props {
  draft: Draft
  channels: readonly { id: string; name: string; enabled: boolean }[]
  change: (part: Partial<Draft>) => void
  up: (() => void) | null
  down: (() => void) | null
  remove: () => void
}

/** One route: what it takes, where that goes, when, and who is told when nobody acknowledges. */
export function DraftRoute({ draft, channels, change, up, down, remove }: Props) {
  const { name, escalation } = draft
  const minutes = String((escalation?.afterMs ?? 0) / MINUTE_MS)
  const escalate = (value: string) =>
    change({
      escalation:
        value === "0" ? null : { channels: "all", ...escalation, afterMs: Number(value) * MINUTE_MS },
    })
  return (
    <fieldset className="plain route">
      <legend>{name || "A route without a name"}</legend>
      <div className="form fields">
        <TextField label="Name" value={name} onChange={(value) => change({ name: value })} />
        <MatchersField
          hint="severity=critical cluster=prod-*"
          value={draft.matchers}
          onChange={(matchers) => change({ matchers })}
          help={draft.matchers.trim() === "" && "Without matchers it takes every alert."}
        />
        <ChosenChannels
          label="Channels"
          chosen={draft.channels}
          channels={channels}
          onChange={(chosen) => change({ channels: chosen })}
        />
        <TextField
          label="Group alerts by these labels"
          hint="cluster group"
          mono
          value={draft.groupBy}
          onChange={(groupBy) => change({ groupBy })}
          problem={
            routeOf({ ...draft, name: "x", matchers: "" }) === null
              ? "Write names of labels, separated by spaces."
              : null
          }
        />
        <Waits draft={draft} change={change} />
        <Choice
          label="If nobody acknowledges within"
          value={minutes}
          of={{ [minutes]: `${minutes} minutes`, ...ESCALATIONS }}
          onChange={escalate}
        />
        {escalation && (
          <ChosenChannels
            label="Notify as well"
            chosen={escalation.channels}
            channels={channels}
            onChange={(chosen) => change({ escalation: { ...escalation, channels: chosen } })}
          />
        )}
        <label>
          <input
            type="checkbox"
            checked={draft.goesOn}
            onChange={(event) => change({ goesOn: event.target.checked })}
          />{" "}
          Continue with the routes below
        </label>
        <div className="row">
          <button
            type="button"
            className="field"
            disabled={!up}
            onClick={up ?? undefined}
            aria-label={`Move ${name} up`}
          >
            Up
          </button>
          <button
            type="button"
            className="field"
            disabled={!down}
            onClick={down ?? undefined}
            aria-label={`Move ${name} down`}
          >
            Down
          </button>
          <button type="button" className="field danger" onClick={remove} aria-label={`Remove ${name}`}>
            Remove
          </button>
        </div>
      </div>
    </fieldset>
  )
}
