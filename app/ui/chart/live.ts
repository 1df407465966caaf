import type { ChartModel } from "./prepare.ts"

/** What a chart asks for while it lives: its numbers change under it. */
export interface LiveChart {
  current: {
    model: ChartModel
    onZoom: (range: { from: number; to: number } | null) => void
  }
}

/** The computed colour of a token or of any other CSS colour. */
export type ColourOf = (name: string) => string
