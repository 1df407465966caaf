"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import Link from "next/link"
import { useOffered } from "#app/(console)/acts/use-offered.ts"
import { CreateAlert } from "#app/(console)/alerts/create-alert.tsx"
import { FAILURE_LOOKS, FailureMark } from "#app/(console)/failures/mark.tsx"
import { Ago } from "#app/(console)/failures/view.tsx"
import { HOME } from "#app/(console)/home.ts"
import { clusterPath, groupPath, topicPath } from "#app/(console)/paths.ts"
import { useMe, useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Fact } from "#app/ui/fact.tsx"
import { count, plural } from "#app/ui/format.ts"
import { MenuItem } from "#app/ui/menu.tsx"
import { Moment } from "#app/ui/moment.tsx"
import { More } from "#app/ui/more.tsx"
import { PageHead, StatusStrip } from "#app/ui/page-head.tsx"
import { MutationError } from "#app/ui/states.tsx"
import type { FailureDetail } from "#server/failures/index.ts"
import { useFailureState } from "./search-params.ts"

/** What it is, in one sentence and in numbers, and what becomes of it. */
export function Head({ failure }: { failure: FailureDetail }) {
  const { consumerGroup, destination, cluster } = failure
  return (
    <PageHead
      above={[...HOME, { href: "/failures", label: "Failures" }]}
      title={`${consumerGroup ?? destination}: ${failure.type ?? "unknown error"}`}
      badge={<FailureMark state={failure.state} on="solid" />}
      kind={
        <>
          on <Link href={clusterPath(cluster)}>{failure.clusterName}</Link>
        </>
      }
      acts={
        <>
          <CreateAlert signal="dead-letter-rate" cluster={cluster} include={String(failure.id)} />
          <Acts failure={failure} />
        </>
      }
    >
      <StatusStrip
        tone={FAILURE_LOOKS[failure.state].tone}
        sentence={sentence(failure)}
        advice={advice(failure)}
        act={failure.present > failure.replayed && <ShowFix failure={failure} />}
      />
      <dl className="facts">
        <Fact term="Messages">{count(failure.messages)}</Fact>
        <Fact term="Still in the dead-letter topic">{count(failure.present)}</Fact>
        <Fact term="Replayed">{count(failure.replayed)}</Fact>
        <Fact term="Failed again">
          <span className={failure.failedAgain > 0 ? "bad" : undefined}>{count(failure.failedAgain)}</span>
        </Fact>
        <Fact term="Since">
          <Moment at={failure.firstSeenAt} />
        </Fact>
        <Fact term="Last">
          <Ago at={failure.lastSeenAt} />
        </Fact>
        <Fact term="Consumer group">
          {consumerGroup ? (
            <Link href={groupPath(cluster, consumerGroup)}>{consumerGroup}</Link>
          ) : (
            <span className="quiet" title="The dead letters carry no consumer group.">
              –
            </span>
          )}
        </Fact>
        <Fact term="Version">
          {failure.version ?? (
            <span className="quiet" title="No header carries a version.">
              –
            </span>
          )}
        </Fact>
        <Fact term="From">
          <Link href={topicPath(cluster, destination)}>{destination}</Link>
          {failure.partitions > 0 && (
            <span className="quiet"> {plural(failure.partitions, "partition", "partitions")}</span>
          )}
        </Fact>
        <Fact term="Dead letters in">
          {failure.deadDestinations.length === 0 && <span className="quiet">–</span>}
          {failure.deadDestinations.map((name) => (
            <Link key={name} href={topicPath(cluster, name)}>
              {name}{" "}
            </Link>
          ))}
        </Fact>
      </dl>
    </PageHead>
  )
}

function sentence(failure: FailureDetail): string {
  const who = failure.consumerGroup ?? "A consumer"
  const messages = plural(failure.messages, "message", "messages")
  const why = failure.message ? `: ${failure.message}` : ""
  return `${who} failed to process ${messages} from ${failure.destination}${why}`
}

/** What to do, from what is known of it. */
function advice({ state, present, replayed, failedAgain }: FailureDetail): string | null {
  const left = present - replayed
  if (state === "resolved" || state === "ignored") return null
  if (failedAgain > 0)
    return `${plural(failedAgain, "message", "messages")} failed again after a replay: fix the value or the consumer before replaying more.`
  if (state === "regressed")
    return "It was resolved and failed again: check whether the consumer was rolled back, then replay."
  if (left > 0)
    return `Fix the consumer or the value, then replay ${left === 1 ? "it" : `the ${count(left)} that are left`}.`
  return present > 0 ? "All of them were replayed: resolve it once the consumer has processed them." : null
}

/** Leads to where it is fixed and replayed, for who may. */
function ShowFix({ failure }: { failure: FailureDetail }) {
  const [, set] = useFailureState()
  if (!useOffered("failure.replay", failure.cluster)) return null
  return (
    <button type="button" className="field" onClick={() => void set({ tab: "fix" })}>
      Open the fix
    </button>
  )
}

function Acts({ failure }: { failure: FailureDetail }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const me = useMe()
  const refused = useRefusal("failure.triage", failure.cluster)
  const act = useMutation(
    trpc.failures.triage.mutationOptions({ onSuccess: () => client.invalidateQueries() }),
  )
  const key = { cluster: failure.cluster, id: failure.id }
  const off = { disabled: refused !== null || act.isPending, title: refused ?? undefined }
  const active = failure.state === "open" || failure.state === "regressed"
  const mine = failure.assignee === me.email
  return (
    <>
      <MutationError of={act} inline />
      <span className="quiet">{failure.assignee ? `assigned to ${failure.assignee}` : "not assigned"}</span>
      <button
        type="button"
        className="field"
        {...off}
        onClick={() => act.mutate({ ...key, assignee: mine ? null : me.email })}
      >
        {mine ? "Not me" : "Assign to me"}
      </button>
      {active ? (
        <>
          <button
            type="button"
            className="field act"
            {...off}
            onClick={() => act.mutate({ ...key, state: "resolved" })}
          >
            Resolve
          </button>
          <More>
            <MenuItem refusal={refused} onClick={() => act.mutate({ ...key, state: "ignored" })}>
              Ignore
            </MenuItem>
          </More>
        </>
      ) : (
        <button
          type="button"
          className="field"
          {...off}
          onClick={() => act.mutate({ ...key, state: "open" })}
        >
          Open again
        </button>
      )}
    </>
  )
}
