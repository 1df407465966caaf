import { describeClusterV0, describeConfigsV4 } from "@platformatic/kafka"
import { errorName } from "./errors.ts"
import { listGroups } from "./list-groups.ts"
import { type BrokerInfo, fetchMetadata, type Metadata } from "./metadata.ts"
import { tcpFailure } from "./probe-network.ts"
import { type Finding, nameOf, type ProbeRun } from "./probe-run.ts"
import { fetchVersion } from "./version.ts"

const LEAST = "Signalbox needs Kafka 3.3 or later, or what speaks its protocol."

export async function probeVersion({ client }: ProbeRun, signal: AbortSignal): Promise<Finding> {
  const version = await fetchVersion(client, signal)
  return version
    ? `Kafka ${version}.`
    : { warning: `The broker does not tell its metadata version. ${LEAST}` }
}

/** What this user may see; what is missing is told with what to grant. */
export async function probeAuthorisation(run: ProbeRun, signal: AbortSignal): Promise<Finding> {
  const { client } = run
  const metadata = await fetchMetadata(client, null, signal)
  const unreachable = await unreachableBrokers(metadata.brokers, signal)
  if (unreachable.length > 0) {
    throw `The bootstrap server answers, but these brokers cannot be reached at the address that they advertise: ${unreachable.join(", ")}. Check advertised.listeners, or the way from here.`
  }
  const [cluster, groups, configs] = await Promise.all([
    lackOnCluster(run, signal),
    listGroups(client, metadata.brokers, signal),
    lackOnConfigs(run, metadata, signal),
  ])
  const lacks = [
    ...cluster,
    ...groups.problems.map((problem) => `DESCRIBE on the groups (${problem.code})`),
    ...metadata.problems.map((problem) => `DESCRIBE on the topics (${problem.code})`),
    ...configs,
  ]
  const blind = metadata.topics.length === 0 && groups.groups.length === 0
  if (lacks.length > 0) {
    const words = `Signalbox's user lacks: ${[...new Set(lacks)].join("; ")}.`
    if (blind) throw `${words} It sees no topic and no group: grant it DESCRIBE on topics and groups too.`
    return { warning: words }
  }
  const seen = `${metadata.brokers.length} brokers, ${metadata.topics.length} topics and ${groups.groups.length} groups are visible.`
  const none =
    "Nothing is visible: either the cluster is empty, or Signalbox's user lacks DESCRIBE on topics and groups."
  return blind ? { warning: none } : seen
}

/** A broker answers without an error, but with no operation at all, when DESCRIBE on the cluster is missing. */
async function lackOnCluster({ client, connection }: ProbeRun, signal: AbortSignal): Promise<string[]> {
  const cluster = await client.sendToAny(describeClusterV0.api, { args: [true, 1], signal })
  if (cluster.errorCode !== 0) return [`DESCRIBE on the cluster (${errorName(cluster.errorCode)})`]
  if (cluster.clusterAuthorizedOperations !== 0) return []
  const principal = connection.username ? `User:${connection.username}` : "its principal"
  return [
    `DESCRIBE on the cluster, without which disks and the groups that are not granted one by one stay unknown (grant it: kafka-acls --add --allow-principal ${principal} --operation Describe --cluster)`,
  ]
}

async function lackOnConfigs(
  { client }: ProbeRun,
  metadata: Metadata,
  signal: AbortSignal,
): Promise<string[]> {
  const topic = metadata.topics.find((one) => !one.internal)?.name
  if (topic === undefined) return []
  const resources = [{ resourceType: 2 as const, resourceName: topic, configurationKeys: ["retention.ms"] }]
  const answer = await client.sendToAny(describeConfigsV4.api, { args: [resources, false, false], signal })
  const code = answer.results[0]?.errorCode ?? 0
  if (errorName(code) !== "TOPIC_AUTHORIZATION_FAILED") return []
  return ["DESCRIBE_CONFIGS on the topics, without which retention and the loss forecast stay unknown"]
}

async function unreachableBrokers(brokers: BrokerInfo[], signal: AbortSignal): Promise<string[]> {
  const tried = await Promise.all(
    brokers.map(async (broker) => ({ broker, failure: await tcpFailure(broker, signal) })),
  )
  return tried.flatMap(({ broker, failure }) =>
    failure ? [`broker ${broker.nodeId} at ${nameOf(broker)} (${failure})`] : [],
  )
}
