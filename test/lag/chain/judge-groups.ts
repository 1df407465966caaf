import type { Context } from "#server/context.ts"
import {
  getGroup,
  listGroups,
  listGroupsInput,
  listPartitions,
  listPartitionsInput,
} from "#server/lag/queries/index.ts"
import type { GroupRow, PartitionRow } from "#server/lag/views.ts"
import type { Findings } from "./findings.ts"
import type { Truth } from "./frames.ts"
import { everSeen, groupLife } from "./inventory.ts"
import { inTime, type Lane, lagOf, lanesAt, lostOf, timeLagOf, totalOf } from "./model.ts"
import { committedBy, endOf, lookedFrom, rateSpan, type Value } from "./rates.ts"
import type { Played } from "./world.ts"

const PARTITIONS_WINDOW_MS = 300_000
const ROUNDING_MS = 1

/** Every group of a cluster as the list tells of it. */
export async function judgeGroups(ctx: Context, played: Played, findings: Findings): Promise<GroupRow[]> {
  const { truth, slug } = played
  const input = listGroupsInput.parse({ clusters: [slug], sort: "name", dir: "asc", pageSize: 200 })
  const { rows, total } = await listGroups(ctx, input)
  const expected = everSeen(truth, (frame) => frame.groups.keys()).filter((name) => groupLife(truth, name))
  findings.equal(`groups of ${slug}`, rows.map((row) => row.name).sort(), expected)
  findings.equal(`number of groups of ${slug}`, total, expected.length)
  for (const row of rows)
    judgeRow(truth, row, { now: ctx.now(), rolled: played.rolled }, findings.about(`${slug} ${row.name}`))
  return rows
}

/** Where the group stands as of the last stored sweep. */
export function standing(truth: Truth, group: string): { known: boolean; lanes: Lane[]; at: number } | null {
  const index = truth.frames.length - 1
  const lanes = lanesAt(truth, index, group)
  const frame = truth.frames[index]
  return lanes && frame ? { lanes, known: frame.groups.get(group)?.known ?? false, at: frame.at } : null
}

function judgeRow(
  truth: Truth,
  row: GroupRow,
  of: { now: number; rolled: boolean },
  findings: Findings,
): void {
  const now = standing(truth, row.name)
  if (!now) {
    findings.add("is listed, though no stored sweep found it")
    return
  }
  const { lanes, at } = now
  findings.equal("sampledAt", row.sampledAt, at)
  judgeNumbers(truth, { ...row, lanes, at }, findings)
  judgeRates(truth, row, now, findings)
  if (now.known) judgeNoCommit(row, lanes, findings)
  judgeStatus(row, now, findings)
  judgeOutlook(row, findings)
  judgeSpark(truth, row, of, findings)
}

/** The lag of the last hour: of each minute the last sample, or a gap where there is none or a part of it is unknown. */
function judgeSpark(
  truth: Truth,
  row: GroupRow,
  of: { now: number; rolled: boolean },
  findings: Findings,
): void {
  const frames = inTime(truth)
  const life = groupLife(truth, row.name)
  row.spark.forEach((shown, i) => {
    const begin = (Math.floor(of.now / 60_000) - row.spark.length + i) * 60_000
    const frame = frames.findLast((one) => one.at >= begin && one.at < begin + 60_000)
    const lanes =
      frame && life?.at.has(frame.at) ? lanesAt(truth, truth.frames.indexOf(frame), row.name) : null
    const lag = totalOf(lanes ?? [], lagOf)
    const expected = lag.lanes === 0 || lag.unknown > 0 ? null : lag.known
    // The last minutes are not rolled up yet.
    const isRolled = of.rolled && begin + 120_000 < of.now
    if (shown !== null || isRolled) findings.about(`minute ${i - 60}`).equal("lag", shown, expected)
  })
}

function judgeNoCommit(row: GroupRow, lanes: Lane[], findings: Findings): void {
  const none = lanes.filter((lane) => lane.committed === "none")
  const waiting = totalOf(none, (lane) =>
    lane.end === null || lane.start === null ? null : lane.end - lane.start,
  )
  const expected = { partitions: none.length, messages: waiting.unknown > 0 ? null : waiting.known }
  findings.equal("partitions without a commit", row.noCommit, none.length === 0 ? null : expected)
}

interface Numbers extends Pick<GroupRow, "lag" | "timeLag" | "lost" | "parts"> {
  lanes: Lane[]
  at: number
}

/** Lag, loss and age of some lanes together: what is known of them, and how many are not. */
function judgeNumbers(truth: Truth, numbers: Numbers, findings: Findings): void {
  const { lanes, at, parts } = numbers
  const lag = totalOf(lanes, lagOf)
  findings.total("lag", { shown: numbers.lag, marked: parts.unknown }, lag)
  findings.total("lost", { shown: numbers.lost, marked: parts.unknown }, totalOf(lanes, lostOf))
  findings.equal("unknown partitions", parts.unknown, lag.unknown)
  const age = { shown: numbers.timeLag, marked: parts.unknownTimeLag }
  judgeAge(age, timeLagOf(truth, lanes, at), findings)
  if (numbers.timeLag === 0) findings.equal("lag of no age", [lag.known, lag.unknown], [0, 0])
}

/** An age of which a part is unknown is a lower bound. */
function judgeAge(
  age: { shown: number | null; marked: number },
  span: { least: number; most: number },
  findings: Findings,
): void {
  if (age.shown === null) return
  const least = age.marked > 0 ? 0 : span.least - ROUNDING_MS
  findings.within("time lag", age.shown, { least, most: span.most + ROUNDING_MS })
}

/** Messages a second, over the last minute, or three samples where they are rarer. */
function judgeRate(
  truth: Truth,
  of: { what: string; shown: number | null; partial: boolean; lanes: Lane[]; at: number; value: Value },
  findings: Findings,
): void {
  if (of.shown === null) return
  const frames = inTime(truth).filter((frame) => frame.at <= of.at)
  const from = lookedFrom(frames)
  const spans = of.lanes.map((lane) => rateSpan(frames, lane, { value: of.value, from, to: of.at }))
  const least = spans.reduce((sum, span) => sum + span.slowest, 0)
  findings.within(`${of.what} a second`, of.shown, {
    least: of.partial ? 0 : least * 0.999_999,
    most: spans.reduce((sum, span) => sum + span.fastest, 0) * 1.000_001,
  })
}

function judgeRates(
  truth: Truth,
  row: GroupRow,
  at: { lanes: Lane[]; at: number },
  findings: Findings,
): void {
  const partial = row.ratesPartial
  const produced = { what: "produced", shown: row.produceRate, partial, value: endOf }
  const consumed = { what: "consumed", shown: row.consumeRate, partial, value: committedBy(row.name) }
  const committed = at.lanes.filter((lane) => lane.committed !== "none")
  judgeRate(truth, { ...at, ...produced, lanes: committed }, findings)
  judgeRate(truth, { ...at, ...consumed }, findings)
}

function judgeStatus(row: GroupRow, now: { lanes: Lane[]; known: boolean }, findings: Findings): void {
  const { status, rule, since } = row.verdict
  const lag = totalOf(now.lanes, lagOf)
  const lost = totalOf(now.lanes, lostOf)
  findings.equal("name of the rule", rule.replace(/^\d /, ""), status)
  if (!now.known) findings.equal("status of a group that could not be read", status, "unknown")
  if (status === "idle") findings.equal("unread of an idle group", [lag.known, lag.unknown], [0, 0])
  if (lag.unknown > 0 && status === "ok")
    findings.add(`is ${status}, though ${lag.unknown} partitions are unknown`)
  if (lost.known > 0 && ["ok", "idle", "behind", "stopped"].includes(status))
    findings.add(`is ${status}, though it has lost ${lost.known} messages`)
  if (since > (row.sampledAt ?? 0)) findings.add(`is ${status} since after its last sample`)
  const waits = /([\d,]+) unread messages?/.exec(row.verdict.sentence)?.[1]
  if (waits !== undefined)
    findings.equal("waiting, by its sentence", Number(waits.replaceAll(",", "")), row.lag)
}

/** Caught up in = lag ÷ (read rate − write rate), of the numbers that are shown. */
function judgeOutlook(row: GroupRow, findings: Findings): void {
  const { lag, produceRate, consumeRate, caughtUpIn } = row
  if (lag === null || caughtUpIn === null) return
  if (lag === 0) {
    findings.equal("caught up in", caughtUpIn, 0)
    return
  }
  if (produceRate === null || consumeRate === null) {
    findings.equal("caught up in", caughtUpIn, null)
    return
  }
  const gain = consumeRate - produceRate
  if (gain <= 0) {
    findings.equal("caught up in", caughtUpIn, "never")
    return
  }
  if (caughtUpIn === "never") {
    findings.add("never catches up, though it reads faster than is written")
    return
  }
  const expected = (lag / gain) * 1000
  findings.within("caught up in", caughtUpIn, { least: expected - ROUNDING_MS, most: expected + ROUNDING_MS })
}

/** One group as its page tells of it: by destination and by partition. */
export async function judgeGroup(
  ctx: Context,
  played: Played,
  at: { row: GroupRow; findings: Findings },
): Promise<void> {
  const { truth, slug } = played
  const { row, findings } = at
  const now = standing(truth, row.name)
  if (!now) return
  const page = await getGroup(ctx, { cluster: slug, group: row.name })
  for (const field of FIELDS) findings.equal(`${field} of the page, as in the list`, page[field], row[field])
  for (const one of page.byDestination) {
    const own = now.lanes.filter((lane) => lane.topic === one.destination)
    const about = findings.about(`on ${one.destination}`)
    judgeNumbers(truth, { ...one, lanes: own, at: now.at }, about)
    const metric = played.lags.find((lag) => lag.group === row.name && lag.destination === one.destination)
    about.equal("lag of the metrics", metric?.lag, one.parts.unknown > 0 ? null : one.lag)
    const age = metric?.timeLag ?? null
    about.equal(
      "age of the metrics",
      age && Math.round(age),
      one.parts.unknownTimeLag > 0 ? null : one.timeLag,
    )
  }
  const topics = [...new Set(now.lanes.map((lane) => lane.topic))].sort()
  findings.equal("destinations", page.byDestination.map((one) => one.destination).sort(), topics)
  await judgePartitions(ctx, played, { row, lanes: now.lanes, findings })
}

const FIELDS = [
  "lag",
  "timeLag",
  "lost",
  "parts",
  "produceRate",
  "consumeRate",
  "caughtUpIn",
  "lostIn",
  "noCommit",
  "verdict",
] as const

async function judgePartitions(
  ctx: Context,
  { truth, slug }: Played,
  of: { row: GroupRow; lanes: Lane[]; findings: Findings },
): Promise<void> {
  const now = truth.frames.at(-1)?.at ?? 0
  if (ctx.now() - now > PARTITIONS_WINDOW_MS) return
  const input = listPartitionsInput.parse({ cluster: slug, group: of.row.name, pageSize: 200 })
  const { rows } = await listPartitions(ctx, input)
  const keyOf = (one: { partition: number }, topic: string) => `${topic}/${one.partition}`
  const shown = rows.map((row) => keyOf(row, row.destination)).sort()
  of.findings.equal("partitions", shown, of.lanes.map((lane) => keyOf(lane, lane.topic)).sort())
  for (const row of rows) {
    const lane = of.lanes.find((one) => one.topic === row.destination && one.partition === row.partition)
    if (!lane) continue
    const about = of.findings.about(keyOf(row, row.destination))
    judgePartition(truth, { row, lane, at: now, group: of.row.name }, about)
  }
}

function judgePartition(
  truth: Truth,
  at: { row: PartitionRow; lane: Lane; at: number; group: string },
  findings: Findings,
): void {
  const { row, lane } = at
  findings.equal("start", row.start, lane.start)
  findings.equal("end", row.end, lane.end)
  findings.equal("committed", row.committed, typeof lane.committed === "number" ? lane.committed : null)
  findings.equal("no commit", row.noCommit, lane.committed === "none")
  findings.equal("lag", row.lag, lagOf(lane) ?? null)
  findings.equal("lost", row.lost, lostOf(lane) ?? null)
  judgeAge({ shown: row.timeLag, marked: 0 }, timeLagOf(truth, [lane], at.at), findings)
  const of = { lanes: [lane], at: at.at, partial: false }
  judgeRate(truth, { ...of, what: "produced", shown: row.produceRate, value: endOf }, findings)
  judgeRate(
    truth,
    { ...of, what: "consumed", shown: row.consumeRate, value: committedBy(at.group) },
    findings,
  )
}
