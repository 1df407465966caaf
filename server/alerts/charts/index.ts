import type { Store } from "#server/store/index.ts"
import type { Picture } from "../channels/channel.ts"
import { drawChart, HEIGHT, WIDTH } from "./draw.ts"
import { toPng } from "./png.ts"
import { readChart } from "./read.ts"

/** What the signal of an alert said until `now`, as a picture; null: there is nothing to draw, or nothing that draws. */
export async function pictureOf(store: Store, fingerprint: string, now: number): Promise<Picture | null> {
  const chart = await readChart(store, { fingerprint }, now)
  const png = chart && (await toPng(drawChart(chart)))
  return png && { png, width: WIDTH, height: HEIGHT, description: chart.description }
}
