"use client"

import { useQuery } from "@tanstack/react-query"
import dynamic from "next/dynamic"
import Link from "next/link"
import { useQueryStates } from "nuqs"
import { isOffered } from "#app/(console)/acts/offered.ts"
import { CreateAlert } from "#app/(console)/alerts/create-alert.tsx"
import { useCrumbs } from "#app/(console)/crumbs.ts"
import { messagesBound, rateBound } from "#app/(console)/group-bounds.ts"
import { GroupTable } from "#app/(console)/group-table.tsx"
import { clusterPath } from "#app/(console)/paths.ts"
import { useSystems } from "#app/(console)/systems.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { Fact } from "#app/ui/fact.tsx"
import { bytes, count, plural, rate } from "#app/ui/format.ts"
import { PageHead, StatusStrip } from "#app/ui/page-head.tsx"
import { Age, Loading, Problems, Query } from "#app/ui/states.tsx"
import { Tabs } from "#app/ui/tabs.tsx"
import { Value, WHY } from "#app/ui/value.tsx"
import type { SystemWords } from "#server/brokers/system.ts"
import type { DestinationDetail } from "#server/clusters/index.ts"
import { Health } from "../health.tsx"
import { retention } from "../retention.ts"
import { Activity } from "./activity.tsx"
import { Acts } from "./acts.tsx"
import { Config } from "./config.tsx"
import { TopicPartitions } from "./partitions.tsx"
import { topicParams } from "./search-params.ts"
import type { TopicKey } from "./topic-key.ts"

/** Not drawn on the server, which does not know the viewer's zone of time. */
const Messages = dynamic(() => import("./messages/view.tsx"), { ssr: false, loading: Loading })

const OTHERS = { consumers: "Consumers", partitions: "Partitions", config: "Config" }
const NAMES = { activity: "Activity", messages: "Messages", ...OTHERS }
const UNREADABLE = { activity: "Activity", ...OTHERS }

/** One topic: what is written to it, who reads it, where its partitions are, how it is set. */
export function TopicPage(props: TopicKey) {
  const trpc = useTRPC()
  const found = useQuery(trpc.destinations.get.queryOptions(props))
  const cluster = useQuery(trpc.clusters.head.queryOptions({ cluster: props.cluster }))
  const words = useSystems()(cluster.data?.system ?? "")
  const [{ tab }, set] = useQueryStates(topicParams, { history: "push" })
  const readable = isOffered("message.read", cluster.data?.capabilities)
  return (
    <Query of={found}>
      {(topic) => (
        <>
          <Head cluster={props.cluster} topic={topic} words={words} />
          <Problems problems={topic.problems} />
          <Tabs
            label="Of this topic"
            tabs={readable ? NAMES : UNREADABLE}
            chosen={tab}
            choose={(one) => void set({ tab: one })}
          />
          {tab === "activity" && <Activity {...props} />}
          {tab === "messages" && readable && <Messages cluster={props.cluster} destination={props.name} />}
          {tab === "consumers" && <GroupTable cluster={props.cluster} destination={props.name} />}
          {tab === "partitions" && <TopicPartitions {...props} />}
          {tab === "config" && <Config {...props} entries={topic.config} words={words.settings} />}
        </>
      )}
    </Query>
  )
}

function Head(props: { cluster: string; topic: DestinationDetail; words: SystemWords }) {
  const { cluster, topic, words } = props
  const above = useCrumbs(cluster, { kind: "destination" })
  return (
    <PageHead
      above={above}
      title={topic.name}
      badge={<Health health={topic.health} words={words} on="solid" />}
      kind={topic.internal ? "internal" : null}
      age={<Age freshness={topic.freshness} />}
      acts={
        <>
          <CreateAlert signal="produce-rate" cluster={cluster} include={topic.name} />
          {!topic.internal && <Acts cluster={cluster} name={topic.name} />}
        </>
      }
    >
      {topic.health !== "ok" && (
        <StatusStrip
          tone={topic.health === "degraded" ? "warn" : "bad"}
          sentence={words.health[topic.health].why}
          advice={words.health[topic.health].advice}
          act={
            <Link href={clusterPath(cluster)} className="field">
              Show the {words.node.many}
            </Link>
          }
        />
      )}
      <dl className="facts">
        <Fact term="Produced, last 1 min">
          <Value
            of={topic.produceRate}
            as={rate}
            why={WHY.rate}
            bound={rateBound(topic.produceRatePartial)}
          />
        </Fact>
        <Fact term="Messages kept">
          <Value of={topic.offsets} as={count} why={WHY.messages} bound={messagesBound(topic)} />
        </Fact>
        <Fact term="Size on disk">
          <Value of={topic.bytes} as={bytes} why={WHY.bytes} />
        </Fact>
        <Fact term="Retention">{retention(topic)}</Fact>
        <Fact term="Partitions">
          {count(topic.partitions)}
          {topic.replicationFactor !== null && ` × ${plural(topic.replicationFactor, "replica", "replicas")}`}
        </Fact>
        <Fact term="Read by">{plural(topic.groups, "group", "groups")}</Fact>
      </dl>
      {topic.notes.map((note) => (
        <p key={note} className="warn flat">
          {note}
        </p>
      ))}
    </PageHead>
  )
}
