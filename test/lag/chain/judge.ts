import { getGroup } from "#server/lag/queries/index.ts"
import { Findings } from "./findings.ts"
import { judgeGroup, judgeGroups } from "./judge-groups.ts"
import { judgeHeat, judgeHistory } from "./judge-history.ts"
import { judgeSince } from "./judge-since.ts"
import { judgeActivity, judgeTopics } from "./judge-topics.ts"
import type { Range } from "./moments.ts"
import type { Script } from "./script.ts"
import type { ChainWorld, Played } from "./world.ts"

const MINUTE = 60_000
const DAY = 86_400_000
const AT_A_TIME = 3

/** Plays scripts and says where what is shown is not the truth. */
export async function judge(world: ChainWorld, scripts: Script[], rolled: boolean): Promise<string[]> {
  const findings = new Findings()
  for (const played of await world.play(scripts, rolled)) await judgeCluster(world, played, findings)
  return findings.all
}

async function judgeCluster({ ctx }: ChainWorld, played: Played, findings: Findings): Promise<void> {
  judgeSince(played.truth, findings.about(played.slug))
  // A clock that was just set back: what is stored is from the future, until it is reached again.
  if (!played.truth.isCurrent) return
  const { slug, script } = played
  const groups = await judgeGroups(ctx, played, findings)
  const topics = await judgeTopics(ctx, played, { groups, findings })
  // One group and one topic of each cell, over one of the ranges: all of them would take too long.
  await each(script.cells, async (cell, i) => {
    const range = rangesOf(played)[i % 3]
    const row = groups.find((one) => one.name === `c${i}.group${i % cell.groups.length}`)
    const topic = topics.find((one) => one.name === `c${i}.topic${i % cell.topics.length}`)
    if (!range) return
    if (row) {
      const about = { row, group: row.name, range, findings: findings.about(`${slug} ${row.name}`) }
      await judgeGroup(ctx, played, about)
      await judgeHistory(ctx, played, about)
      const [first] = (await getGroup(ctx, { cluster: slug, group: row.name })).byDestination
      if (first) await judgeHeat(ctx, played, { ...about, topic: first.destination })
    }
    if (topic) {
      const about = findings.about(`${slug} ${topic.name}`)
      await judgeActivity(ctx, played, { topic: topic.name, range, findings: about })
    }
  })
}

/** A few at a time: the database works on them while their answers are compared. */
async function each<Item>(items: Item[], work: (item: Item, index: number) => Promise<void>): Promise<void> {
  const left = items.entries()
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      for (const [index, item] of left) await work(item, index)
    }),
  )
}

/** From the samples themselves, from the minutes, and from whatever is coarse; each ends after the last sample. */
function rangesOf({ truth }: Played): Range[] {
  const ats = truth.frames.map((frame) => frame.at)
  const [first, last] = [Math.min(...ats), Math.max(...ats)]
  return [
    { name: "the last minutes", from: last - 10 * MINUTE, to: last + MINUTE, points: 300 },
    {
      name: "all of it",
      from: Math.max(first, last - 3 * 60 * MINUTE) - MINUTE,
      to: last + 5 * MINUTE,
      points: 60,
    },
    { name: "a week", from: last - 7 * DAY, to: last + 30 * MINUTE, points: 300 },
  ]
}
