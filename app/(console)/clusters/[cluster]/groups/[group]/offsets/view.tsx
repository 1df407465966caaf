"use client"

import { useMutation, useQuery } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { useQueryStates } from "nuqs"
import { type FormEvent, useState } from "react"
import { ActPanel } from "#app/(console)/acts/act-panel.tsx"
import { useOffered } from "#app/(console)/acts/use-offered.ts"
import { Armed } from "#app/(console)/armed.tsx"
import { EnvironmentTag } from "#app/(console)/clusters/environment-tag.tsx"
import { useCrumbs } from "#app/(console)/crumbs.ts"
import { useEnvironment } from "#app/(console)/environment.ts"
import { planPath } from "#app/(console)/paths.ts"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Button } from "#app/ui/button.tsx"
import { useAlive } from "#app/ui/now.ts"
import { PageHead } from "#app/ui/page-head.tsx"
import { focusInvalid, Problem } from "#app/ui/problem.tsx"
import { Empty, MutationError } from "#app/ui/states.tsx"
import type { GroupKey } from "../group-key.ts"
import { scopeOf, strategyOf } from "./asked.ts"
import { History } from "./history.tsx"
import { PartitionsField } from "./partitions-field.tsx"
import { resetParams } from "./search-params.ts"
import { StrategyField } from "./strategy-field.tsx"

/** Says what is to be moved and where, and makes the plan of it; below, what was done before. */
export function ResetPage(props: GroupKey) {
  const trpc = useTRPC()
  const group = useQuery(trpc.groups.get.queryOptions(props, { retry: false }))
  const environment = useEnvironment(props.cluster)
  const offered = useOffered("offsets.reset", props.cluster)
  const isNew = group.error?.data?.code === "NOT_FOUND"
  const above = useCrumbs(props.cluster, { kind: "group", name: isNew ? undefined : props.group })
  return (
    <>
      <PageHead
        above={above}
        title={isNew ? `Create ${props.group} at a position` : `Reset offsets of ${props.group}`}
        badge={environment && <EnvironmentTag word={environment} />}
      />
      <Armed cluster={props.cluster} group={props.group} />
      {isNew && (
        <p className="quiet note">
          There is no group of this name: check it for typing errors. To create the group, name topics and say
          so below. Applying the plan creates it, and a consumer that starts with this name continues from
          there.
        </p>
      )}
      {offered ? (
        <ResetForm
          {...props}
          reads={group.data?.byDestination.map((one) => one.destination) ?? []}
          readCount={group.data?.destinationCount ?? 0}
          isNew={isNew}
        />
      ) : (
        <Empty>Positions of groups cannot be written on this cluster.</Empty>
      )}
      <History {...props} />
    </>
  )
}

function ResetForm(props: GroupKey & { reads: string[]; readCount: number; isNew: boolean }) {
  const { cluster, group, reads, readCount, isNew } = props
  const trpc = useTRPC()
  const router = useRouter()
  const [asked, ask] = useQueryStates(resetParams)
  const [csv, setCsv] = useState("")
  const alive = useAlive()
  const refused = useRefusal("offsets.reset", cluster)
  const preview = useMutation(
    trpc.offsets.preview.mutationOptions({
      onSuccess: ({ plan }) => router.push(planPath(cluster, group, plan)),
    }),
  )
  const strategy = strategyOf({ ...asked, csv })
  const scope = scopeOf(asked.topics)
  const uncreated = isNew && !asked.create ? "Confirm that the group is to be created." : null
  // What is missing is said when it is asked for, not to who has only begun; what is wrong, at once.
  const [isTried, setTried] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setTried(true)
    if (typeof strategy === "string" || typeof scope === "string" || uncreated !== null)
      return focusInvalid(event.currentTarget)
    preview.mutate({ cluster, group, strategy, scope, create: isNew && asked.create })
  }
  return (
    <ActPanel label="Reset">
      <form className="form" onSubmit={submit} aria-label="Reset" noValidate>
        <PartitionsField
          reads={reads}
          readCount={readCount}
          problem={typeof scope === "string" ? scope : null}
        />
        <StrategyField
          {...{ cluster, group, csv, setCsv }}
          problem={isTried && typeof strategy === "string" ? strategy : null}
        />
        {isNew && (
          <div>
            <label className="row tight">
              <input
                type="checkbox"
                checked={asked.create}
                aria-invalid={(isTried && uncreated !== null) || undefined}
                onChange={(event) => void ask({ create: event.target.checked })}
              />
              Create the group
            </label>
            <Problem of={isTried ? uncreated : null} />
          </div>
        )}
        <div className="row">
          <Button type="submit" className="field act" refusal={refused} busy={!alive || preview.isPending}>
            {preview.isPending ? "Reading the brokers…" : "Preview"}
          </Button>
          <span className="quiet">{refused ?? "A preview changes nothing."}</span>
        </div>
        <MutationError of={preview} />
      </form>
    </ActPanel>
  )
}
