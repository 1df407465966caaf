import {
  activityInput,
  destinationActivity,
  getCluster,
  listClusters,
  listDestinations,
  listDestinationsInput,
} from "#server/clusters/index.ts"
import type { DestinationRow } from "#server/clusters/views.ts"
import type { Context } from "#server/context.ts"
import { clusterRates } from "#server/lag/queries/index.ts"
import type { GroupRow } from "#server/lag/views.ts"
import type { Findings } from "./findings.ts"
import type { Frame, Truth } from "./frames.ts"
import { everSeen, groupLife, topicLife } from "./inventory.ts"
import { groupLane, inTime, type Lane, lanesAt, logLanes, topicAt, totalOf } from "./model.ts"
import { judgeGrowth, Moments, type Range } from "./moments.ts"
import { endOf, lookedFrom, rateSpan } from "./rates.ts"
import type { Played } from "./world.ts"

/** Every topic of a cluster as the list tells of it, and what the cluster says of all of them. */
export async function judgeTopics(
  ctx: Context,
  played: Played,
  of: { groups: GroupRow[]; findings: Findings },
): Promise<DestinationRow[]> {
  const { truth, slug } = played
  const { findings } = of
  const input = listDestinationsInput.parse({ cluster: slug, internal: true, pageSize: 200 })
  const { rows } = await listDestinations(ctx, input)
  const expected = everSeen(truth, (frame) => frame.topics.keys()).filter((name) => topicLife(truth, name))
  findings.equal(`topics of ${slug}`, rows.map((row) => row.name).sort(), expected)
  for (const row of rows) judgeTopic(truth, row, findings.about(`${slug} ${row.name}`))
  await judgeCluster(ctx, played, { ...of, topics: rows })
  return rows
}

function judgeTopic(truth: Truth, row: DestinationRow, findings: Findings): void {
  const index = truth.frames.length - 1
  const lanes = logLanes(truth, index, row.name)
  const frame = truth.frames[index]
  if (!frame) return
  findings.equal("partitions", row.partitions, lanes.length)
  const kept = totalOf(lanes, keptOf)
  findings.equal("messages", row.messages, kept.unknown > 0 ? null : kept.known)
  findings.equal("internal", row.internal, topicAt(truth, index, row.name)?.internal)
  findings.equal("groups", row.groups, readersOf(truth, row.name).length)
  const isPartial = lanes.some((lane) => lane.end === null)
  if (isPartial) findings.equal("part of the rate unknown", row.produceRatePartial, true)
  if (row.produceRate === null) return
  const frames = inTime(truth).filter((one) => one.at <= frame.at)
  const from = lookedFrom(frames)
  const spans = lanes.map((lane) => rateSpan(frames, lane, { value: endOf, from, to: frame.at }))
  findings.within("produced a second", row.produceRate, {
    least: row.produceRatePartial ? 0 : spans.reduce((sum, span) => sum + span.slowest, 0) * 0.999_999,
    most: spans.reduce((sum, span) => sum + span.fastest, 0) * 1.000_001,
  })
  // A partition that is known again, or appears, has no rate before its second known sample.
  const isMissing = isPartial || spans.some((span) => span.steps === 0)
  if (row.produceRatePartial && !isMissing) findings.add("its rate is marked as partial, though all is known")
}

function keptOf(lane: Lane): number | null {
  return lane.start === null || lane.end === null ? null : lane.end - lane.start
}

function readersOf(truth: Truth, topic: string): string[] {
  const index = truth.frames.length - 1
  return everSeen(truth, (frame) => frame.groups.keys()).filter(
    (group) => groupLife(truth, group) && lanesAt(truth, index, group)?.some((lane) => lane.topic === topic),
  )
}

/** The totals of a cluster are those of what its lists show. */
async function judgeCluster(
  ctx: Context,
  { slug, truth, rolled }: Played,
  of: { groups: GroupRow[]; topics: DestinationRow[]; findings: Findings },
): Promise<void> {
  const findings = of.findings.about(slug)
  const [cluster, all, [rates]] = await Promise.all([
    getCluster(ctx, { cluster: slug }),
    listClusters(ctx),
    clusterRates(ctx, { clusters: [slug] }),
  ])
  const listed = all.find((one) => one.slug === slug)
  for (const field of FIELDS) findings.equal(`${field} of the overview`, listed?.[field], cluster[field])
  const own = of.topics.filter((topic) => !topic.internal)
  findings.equal("topics", cluster.destinations, own.length)
  findings.equal("groups", cluster.groups, of.groups.length)
  const statuses = Object.groupBy(of.groups, (row) => row.verdict.status)
  for (const [status, rows] of Object.entries(statuses))
    findings.equal(
      `groups that are ${status}`,
      cluster.groupsByStatus[status as keyof typeof statuses],
      rows?.length,
    )
  const close = (what: string, shown: number | null, rows: (number | null)[]) => {
    const known = rows.filter((rate) => rate !== null)
    const sum = known.reduce((total, rate) => total + rate, 0)
    if (shown === null ? known.length > 0 : Math.abs(shown - sum) > 0.001)
      findings.add(`${what} is ${shown}, not ${sum} as its rows add up to`)
  }
  close(
    "produced",
    cluster.produceRate,
    own.map((topic) => topic.produceRate),
  )
  close(
    "consumed",
    cluster.consumeRate,
    of.groups.map((group) => group.consumeRate),
  )
  const partial = [
    own.some((topic) => topic.produceRatePartial),
    of.groups.some((group) => group.ratesPartial),
  ]
  findings.equal("partial rates", [cluster.produceRatePartial, cluster.consumeRatePartial], partial)
  judgeSpark(truth, { spark: rates?.produced ?? [], now: ctx.now(), rolled }, findings)
}

const FIELDS = [
  "produceRate",
  "produceRatePartial",
  "consumeRate",
  "consumeRatePartial",
  "groups",
  "destinations",
  "partitions",
] as const

/** Messages a second in each minute: never more than the fastest interval of each partition allows. */
function judgeSpark(
  truth: Truth,
  of: { spark: (number | null)[]; now: number; rolled: boolean },
  findings: Findings,
): void {
  const frames = inTime(truth)
  of.spark.forEach((shown, i) => {
    const begin = (Math.floor(of.now / 60_000) - of.spark.length + i) * 60_000
    const within = frames.filter((frame) => frame.at >= begin && frame.at < begin + 60_000)
    const last = within.at(-1)
    if (shown === null) return
    if (!last) {
      findings.add(`minute ${i - 60} of produced is ${shown}, though there is no sample`)
      return
    }
    const first = frames.findLast((frame) => frame.at < begin) ?? last
    findings.within(`minute ${i - 60} of produced`, shown, {
      least: 0,
      most: fastest(frames, first, last) * 1.000_001,
    })
  })
}

/** Of every topic that existed in a span, also of one that was deleted in it. */
function fastest(frames: Frame[], first: Frame, last: Frame): number {
  const within = frames.filter((frame) => frame.at >= first.at && frame.at <= last.at)
  const lanes = new Map<string, Lane>()
  for (const frame of within)
    for (const [topic, log] of frame.topics)
      log.ends.forEach((end, partition) => {
        const lane: Lane = { topic, uid: log.uid, partition, start: null, end, committed: "none" }
        lanes.set(groupLane(lane), lane)
      })
  const span = { value: endOf, from: first.at, to: last.at }
  return [...lanes.values()].reduce((total, lane) => total + rateSpan(within, lane, span).fastest, 0)
}

/** The charts of a topic. */
export async function judgeActivity(
  ctx: Context,
  { truth, slug }: Played,
  of: { topic: string; range: Range; findings: Findings },
): Promise<void> {
  const activity = await destinationActivity(
    ctx,
    activityInput.parse({ ...of.range, cluster: slug, name: of.topic }),
  )
  const moments = new Moments(truth, activity)
  const life = topicLife(truth, of.topic)
  const findings = of.findings.about(`chart of ${of.range.name} (step ${activity.stepMs / 1000} s)`)
  activity.at.forEach((at, i) => {
    const about = findings.about(`${(at - (moments.frames.at(-1)?.at ?? 0)) / 1000} s`)
    const frame = moments.sampleAt(i)
    const own =
      frame && life?.at.has(frame.at) ? logLanes(truth, truth.frames.indexOf(frame), of.topic) : null
    const shown = { kept: activity.series.kept?.[i] ?? null, produced: activity.series.produced?.[i] ?? null }
    if (!own || own.length === 0) {
      if (shown.kept !== null) about.add(`kept is ${shown.kept}, though there is no sample`)
      return
    }
    const kept = totalOf(own, keptOf)
    about.equal("kept", shown.kept, kept.unknown > 0 ? null : kept.known)
    judgeGrowth(moments, { i, shown: shown.produced, lanes: own, value: endOf }, about.about("produced"))
  })
}
