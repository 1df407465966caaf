"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { useQueryStates } from "nuqs"
import { ActLink } from "#app/(console)/acts/act-link.tsx"
import { useOffered } from "#app/(console)/acts/use-offered.ts"
import { CreateAlert } from "#app/(console)/alerts/create-alert.tsx"
import { Armed } from "#app/(console)/armed.tsx"
import { useCrumbs } from "#app/(console)/crumbs.ts"
import { lagBound, lostBound, rateBound, timeLagBound } from "#app/(console)/group-bounds.ts"
import { deleteGroupPath, resetPath } from "#app/(console)/paths.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { Combobox } from "#app/ui/combobox.tsx"
import { Fact } from "#app/ui/fact.tsx"
import { count, duration, forecast, plural, rate } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { More } from "#app/ui/more.tsx"
import { shownName } from "#app/ui/name.ts"
import { PageHead, StatusStrip } from "#app/ui/page-head.tsx"
import { Age, Problems, Query } from "#app/ui/states.tsx"
import { STATUS_LOOKS, Status } from "#app/ui/status.tsx"
import { Tabs } from "#app/ui/tabs.tsx"
import { Value, WHY } from "#app/ui/value.tsx"
import type { GroupDetail } from "#server/lag/queries/index.ts"
import { AdvisedAct } from "./advised-act.tsx"
import { LagCharts } from "./charts.tsx"
import type { GroupKey } from "./group-key.ts"
import { Heat } from "./heat.tsx"
import { Members } from "./members.tsx"
import { Partitions } from "./partitions.tsx"
import { groupPageParams } from "./search-params.ts"
import { Services } from "./services.tsx"
import { Statuses } from "./statuses.tsx"

const NAMES = { lag: "Lag", members: "Members" }

export function GroupView(props: GroupKey) {
  const trpc = useTRPC()
  const query = useQuery(trpc.groups.get.queryOptions({ cluster: props.cluster, group: props.group }))
  const [params, setParams] = useQueryStates(groupPageParams, { history: "push" })
  return (
    <Query of={query}>
      {(group) => (
        <>
          <Head group={group} />
          <Armed cluster={props.cluster} group={props.group} />
          <Problems problems={group.problems} />
          <Tabs label="Group" tabs={NAMES} chosen={params.tab} choose={(tab) => void setParams({ tab })} />
          {params.tab === "lag" ? (
            <>
              <DestinationPicker
                group={group}
                chosen={params.destination}
                choose={(destination) => void setParams({ destination, page: null })}
              />
              <LagCharts group={group} destination={params.destination} />
              <Services group={group} />
              <Statuses group={group} />
              <Heat
                group={group}
                destination={params.destination ?? group.byDestination[0]?.destination ?? null}
              />
              <Partitions group={group} destination={params.destination} />
            </>
          ) : (
            <Members cluster={props.cluster} group={props.group} />
          )}
        </>
      )}
    </Query>
  )
}

function Head({ group }: { group: GroupDetail }) {
  const { cluster, name, verdict } = group
  const above = useCrumbs(cluster, { kind: "group" })
  return (
    <PageHead
      above={above}
      title={shownName(name)}
      badge={<Status status={verdict.status} on="solid" />}
      kind={`${group.type} group, ${group.state}`}
      age={<Age freshness={group.freshness} />}
      acts={
        <>
          <CreateAlert signal="lag" cluster={cluster} include={name} />
          <ResetLink group={group} />
          <More>
            <ActLink
              look="danger"
              permission="group.delete"
              cluster={cluster}
              href={deleteGroupPath(cluster, name)}
            >
              Delete
            </ActLink>
          </More>
        </>
      }
    >
      <StatusStrip
        tone={STATUS_LOOKS[verdict.status].tone}
        sentence={verdict.sentence}
        advice={group.advice?.text}
        act={group.advice && <AdvisedAct cluster={cluster} group={name} advice={group.advice} />}
      />
      <Numbers group={group} />
      <p className="quiet flat help">
        <span title={`Rule ${verdict.rule}`}>
          {verdict.status} since <Moment at={verdict.since} />
        </span>
        {group.noCommit && <NoCommit {...group.noCommit} />}
      </p>
    </PageHead>
  )
}

function NoCommit({ partitions, messages }: NonNullable<GroupDetail["noCommit"]>) {
  const unread = messages === null ? "an unknown number of messages" : plural(messages, "message", "messages")
  return (
    <>
      {" "}
      · no commit on {plural(partitions, "partition", "partitions")} with {unread} (not part of lag)
    </>
  )
}

function Numbers({ group }: { group: GroupDetail }) {
  return (
    <dl className="facts">
      <Fact term="Lag">
        <Value of={group.lag} as={count} why={WHY.lag} bound={lagBound(group)} />
      </Fact>
      <Fact term="Time lag">
        <Value of={group.timeLag} as={duration} why={WHY.timeLag} bound={timeLagBound(group)} />
      </Fact>
      <Fact term="Produced, last 1 min">
        <Value of={group.produceRate} as={rate} why={WHY.rate} bound={rateBound(group.ratesPartial)} />
      </Fact>
      <Fact term="Consumed, last 1 min">
        <Value of={group.consumeRate} as={rate} why={WHY.rate} bound={rateBound(group.ratesPartial)} />
      </Fact>
      <Fact term="Catches up in">
        {group.lag === 0 && group.parts.unknown === 0 ? (
          "caught up"
        ) : (
          <Value of={group.caughtUpIn} as={forecast} why={WHY.forecast} />
        )}
      </Fact>
      <Fact term="Oldest unread deleted in">
        <Value
          of={group.lag ? group.lostIn : null}
          as={forecast}
          why={group.lag ? WHY.forecast : WHY.noForecast}
        />
      </Fact>
      <Fact term="Lost">
        <Value of={group.lost} as={count} why={WHY.lost} bad={Boolean(group.lost)} bound={lostBound(group)} />
      </Fact>
      <Fact term="Members">
        <Value of={group.members} as={count} why={WHY.members} />
      </Fact>
    </dl>
  )
}

/** Whoever may look may look at plans and at what was reset, so the role is asked for there. */
function ResetLink({ group }: { group: GroupDetail }) {
  if (!useOffered("offsets.reset", group.cluster)) return null
  return (
    <Link className="field act" href={resetPath(group.cluster, group.name)}>
      Reset offsets
    </Link>
  )
}

function DestinationPicker(props: {
  group: GroupDetail
  chosen: string | null
  choose: (name: string | null) => void
}) {
  const { byDestination, destinationCount } = props.group
  if (destinationCount < 2) return null
  return (
    <div className="row">
      <Combobox
        label="Topic"
        value={props.chosen ?? ""}
        placeholder="All topics"
        empty="The group reads no topic of this name."
        options={[
          { value: "", label: `All ${count(destinationCount)} topics` },
          ...byDestination.map((one) => ({
            value: one.destination,
            label: one.destination,
            note: `lag ${one.parts.unknown > 0 && one.lag !== null ? "≥ " : ""}${count(one.lag)}`,
          })),
        ]}
        onChange={(destination) => props.choose(destination || null)}
      />
      {destinationCount > byDestination.length && (
        <span className="quiet">
          The {count(byDestination.length)} with the most lost and unread messages are listed.
        </span>
      )}
    </div>
  )
}
