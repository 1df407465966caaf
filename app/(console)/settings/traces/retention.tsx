"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import { Button } from "#app/ui/button.tsx"
import { Form } from "#app/ui/form.tsx"
import { TextField } from "#app/ui/form-field.tsx"
import { bytes, exact, plural } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { MutationError, Query } from "#app/ui/states.tsx"
import type { StorageUse } from "#server/traces/index.ts"

const GB = 1e9

/** What spans take on disk, how that grows, and how much is kept. */
export function Retention() {
  const trpc = useTRPC()
  const use = useQuery(trpc.traces.storage.queryOptions())
  return (
    <section className="panel" aria-label="Retention of spans">
      <h2>Retention</h2>
      <Query of={use}>
        {(found) => (
          <>
            <Facts use={found} />
            <Limits key={`${found.keep?.days} ${found.keep?.bytes}`} use={found} />
          </>
        )}
      </Query>
    </section>
  )
}

function Facts({ use }: { use: StorageUse }) {
  if (use.spans === 0) return <p className="quiet">No spans are stored yet.</p>
  return (
    <dl className="record">
      <div className="pair">
        <dt>Stored</dt>
        <dd>
          {exact(use.spans)} spans, {bytes(use.bytes)} with indexes
        </dd>
      </div>
      {use.oldest !== null && (
        <div className="pair">
          <dt>Oldest span</dt>
          <dd>
            <Moment at={use.oldest} />
          </dd>
        </div>
      )}
      <div className="pair">
        <dt>Growth</dt>
        <dd>
          {exact(use.spansADay)} spans in the last 24 hours, about {bytes(use.bytesADay)}
          {use.daysUntilFull !== null && `; ${untilFull(use.daysUntilFull)}`}
        </dd>
      </div>
    </dl>
  )
}

function untilFull(days: number): string {
  return days < 1
    ? "the size limit is reached within a day, and the oldest spans are then deleted"
    : `the size limit is reached in ${plural(Math.floor(days), "day", "days")}`
}

function Limits({ use: { keep } }: { use: StorageUse }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [days, setDays] = useState(String(keep?.days ?? 7))
  const [gigabytes, setGigabytes] = useState(String((keep?.bytes ?? 20 * GB) / GB))
  const save = useMutation(
    trpc.traces.setRetention.mutationOptions({
      onSuccess: () => client.invalidateQueries({ queryKey: trpc.traces.storage.queryKey() }),
    }),
  )
  const isSet = keep?.source === "page"
  return (
    <Form
      className="form row-after"
      onSubmit={() => save.mutate({ keep: { days: Number(days), gigabytes: Number(gigabytes) } })}
    >
      <div className="field-pair">
        <TextField
          label="Days"
          value={days}
          onChange={setDays}
          min={1}
          rule="Enter a number of days, 1 or more."
        />
        <TextField
          label="Size in GB"
          value={gigabytes}
          onChange={setGigabytes}
          min={0.1}
          rule="Enter a size in GB, 0.1 or more."
        />
      </div>
      <p className="quiet flat">
        Whichever comes first. Spans are deleted in whole partitions of six hours, so up to six hours more may
        be kept.{" "}
        {isSet
          ? "These values were set here."
          : "These values are those of the receiver's environment, until they are set here."}
      </p>
      <MutationError of={save} />
      <div className="row after">
        <Button type="submit" className="field act" busy={save.isPending}>
          Save
        </Button>
        {isSet && (
          <button type="button" className="field" onClick={() => save.mutate({ keep: null })}>
            Use the environment's
          </button>
        )}
      </div>
    </Form>
  )
}
