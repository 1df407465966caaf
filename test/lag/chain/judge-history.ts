import type { Context } from "#server/context.ts"
import { historyInput, lagHeat, lagHistory } from "#server/lag/queries/index.ts"
import type { LagHistory } from "#server/lag/views.ts"
import type { Findings } from "./findings.ts"
import type { Frame } from "./frames.ts"
import { groupLife, topicLife } from "./inventory.ts"
import { groupLane, type Lane, lagOf, lanesAt, lostOf, timeLagOf, totalOf } from "./model.ts"
import { judgeGrowth, Moments, type Range } from "./moments.ts"
import { committedBy, endOf } from "./rates.ts"
import type { Played } from "./world.ts"

/** The charts of a group over a range, against the samples of that range. */
export async function judgeHistory(
  ctx: Context,
  played: Played,
  of: { group: string; range: Range; findings: Findings },
): Promise<void> {
  const { group, range } = of
  const history = await lagHistory(ctx, historyInput.parse({ cluster: played.slug, group, ...range }))
  const moments = new Moments(played.truth, history)
  const chart = new Chart(played, { group, moments, history, from: range.from })
  const findings = of.findings.about(`chart of ${range.name} (step ${history.stepMs / 1000} s)`)
  history.at.forEach((at, i) => {
    chart.judgeAt(i, findings.about(`${(at - (moments.frames.at(-1)?.at ?? 0)) / 1000} s`))
  })
  chart.judgeLost(findings)
}

class Chart {
  readonly #played: Played
  readonly #group: string
  readonly #moments: Moments
  readonly #history: LagHistory
  readonly #from: number
  readonly #lanes = new Map<Frame, Lane[] | null>()

  constructor(played: Played, of: { group: string; moments: Moments; history: LagHistory; from: number }) {
    this.#played = played
    this.#group = of.group
    this.#moments = of.moments
    this.#history = of.history
    this.#from = of.from
  }

  judgeAt(i: number, findings: Findings): void {
    const frame = this.#moments.sampleAt(i)
    const lanes = frame && this.#lanesOf(frame)
    const value = (key: string) => this.#history.series[key]?.[i] ?? null
    if (!frame || !lanes) {
      for (const key of ["lag", "timeLag", "lost", "produced", "consumed"])
        if (value(key) !== null) findings.add(`${key} is ${value(key)}, though there is no sample`)
      return
    }
    this.#judgeLag(value("lag"), lanes, findings)
    this.#judgeAge(value("timeLag"), { lanes, frame }, findings)
    const before = this.#moments.sampleBefore(i)
    const committed = before ? (this.#lanesOf(before) ?? []).filter((lane) => lane.committed !== "none") : []
    const of = { i, value: endOf, lanes: committed }
    judgeGrowth(this.#moments, { ...of, shown: value("produced") }, findings.about("produced"))
    const all = new Map([...committed, ...lanes].map((lane) => [groupLane(lane), lane]))
    const consumed = {
      i,
      value: committedBy(this.#group),
      lanes: [...all.values()],
      shown: value("consumed"),
    }
    judgeGrowth(this.#moments, consumed, findings.about("consumed"))
  }

  /** Where the group stood; null: it was not there. */
  #lanesOf(frame: Frame): Lane[] | null {
    const known = this.#lanes.get(frame)
    if (known !== undefined) return known
    const { truth } = this.#played
    const life = groupLife(truth, this.#group)
    const lanes = life?.at.has(frame.at) ? lanesAt(truth, truth.frames.indexOf(frame), this.#group) : null
    this.#lanes.set(frame, lanes)
    return lanes
  }

  #judgeLag(shown: number | null, lanes: Lane[], findings: Findings): void {
    const total = totalOf(lanes, lagOf)
    findings.equal("lag", shown, total.lanes === 0 || total.unknown > 0 ? null : total.known)
  }

  #judgeAge(shown: number | null, at: { lanes: Lane[]; frame: Frame }, findings: Findings): void {
    if (shown === null) return
    const total = totalOf(at.lanes, lagOf)
    if (total.unknown > 0) {
      findings.add(`time lag is ${shown}, though ${total.unknown} partitions are unknown`)
      return
    }
    if (shown === 0) {
      findings.equal("lag of no age", total.known, 0)
      return
    }
    const { slackMs } = this.#moments
    const span = timeLagOf(this.#played.truth, at.lanes, at.frame.at)
    findings.within("time lag", shown, { least: span.least - slackMs, most: span.most + slackMs })
  }

  /** Never falls, and at the end is what was deleted unread in the range. */
  judgeLost(findings: Findings): void {
    let before = 0
    this.#history.series.lost?.forEach((lost, i) => {
      if (lost === null) return
      if (lost < before) findings.add(`lost falls from ${before} to ${lost}`)
      before = lost
      const frame = this.#moments.sampleAt(i)
      if (frame) this.#judgeLostAt(lost, { frame, i }, findings)
    })
  }

  #judgeLostAt(shown: number, at: { frame: Frame; i: number }, findings: Findings): void {
    const now = totalOf(this.#lanesOf(at.frame) ?? [], lostOf)
    const all = this.#everRead(at.frame.at).map((lane) => this.#lostUntil(lane, at.frame.at))
    const sum = all.reduce((total, one) => total + one.lost, 0)
    if (shown > sum) findings.add(`lost is ${shown} of ${sum} at ${at.i}`)
    if (this.#moments.isRaw && all.every((one) => one.whole) && now.unknown === 0)
      findings.equal(`lost at ${at.i}`, shown, sum)
  }

  /** Every lane that the group stood on from the beginning of the range until a moment, also where it no longer does. */
  #everRead(until: number): Lane[] {
    const frames = this.#moments.frames.filter((frame) => frame.at >= this.#begin && frame.at <= until)
    const all = frames.flatMap((frame) => this.#lanesOf(frame) ?? [])
    return [...new Map(all.map((lane) => [groupLane(lane), lane])).values()]
  }

  /** The sample that holds when the range begins. */
  get #begin(): number {
    return this.#moments.frames.findLast((frame) => frame.at <= this.#from)?.at ?? this.#from
  }

  /** s′ − max(c′, s) from sample to sample, beginning with what it stood behind; whole: all was known, nothing went back. */
  #lostUntil(lane: Lane, until: number): { lost: number; whole: boolean } {
    let lost = 0
    let whole = true
    let start: number | null = null
    for (const frame of this.#moments.frames) {
      if (frame.at < this.#begin || frame.at > until) continue
      const found = this.#lanesOf(frame)?.find((one) => groupLane(one) === groupLane(lane))
      if (!found || typeof found.committed !== "number" || found.start === null) {
        whole = false
        continue
      }
      if (start !== null && found.start < start) whole = false
      lost += Math.max(0, found.start - Math.max(found.committed, start ?? found.committed))
      start = Math.max(found.start, start ?? 0)
    }
    return { lost, whole }
  }
}

/** The heat map of a group on one topic, cell by cell. */
export async function judgeHeat(
  ctx: Context,
  { truth, slug }: Played,
  of: { group: string; topic: string; range: Range; findings: Findings },
): Promise<void> {
  const input = historyInput.parse({ cluster: slug, group: of.group, destination: of.topic, ...of.range })
  const heat = await lagHeat(ctx, input)
  const moments = new Moments(truth, heat)
  const [group, topic] = [groupLife(truth, of.group), topicLife(truth, of.topic)]
  heat.at.forEach((_, i) => {
    const frame = moments.sampleAt(i)
    const lanes =
      frame && group?.at.has(frame.at) ? lanesAt(truth, truth.frames.indexOf(frame), of.group) : null
    for (const partition of heat.partitions) {
      const lane = lanes?.find(
        (one) => one.topic === of.topic && one.uid === topic?.uid && one.partition === partition,
      )
      const expected = lane ? (lagOf(lane) ?? null) : null
      const shown = heat.lag[partition]?.[i] ?? null
      of.findings.about(`heat of ${of.topic}/${partition} at ${i}`).equal("lag", shown, expected)
    }
  })
}
