/** The time-partitioned tables: how wide a partition is, and how long rows are kept. */
export interface SeriesTable {
  name: string
  partitionDays: number
  keepDays: number
}

export const LEVELS = ["raw", "1m", "10m"] as const
export type Level = (typeof LEVELS)[number]

/** How long each resolution is kept at least, in days; a partition goes when all of it is older. */
export interface Keep {
  raw: number
  "1m": number
  "10m": number
}

export const DEFAULT_KEEP: Keep = { raw: 2, "1m": 14, "10m": 400 }

const WIDTH_DAYS: Record<Level, number> = { raw: 1, "1m": 7, "10m": 30 }
const BASES = ["sweep", "log_offsets", "committed_offsets"] as const

/** Seconds of one bucket of a roll-up. */
export const BUCKET_SECONDS: Record<Exclude<Level, "raw">, number> = { "1m": 60, "10m": 600 }

/** ms of one bucket of a level; 0: as it was sampled. */
export const LEVEL_MS: Record<Level, number> = {
  raw: 0,
  "1m": BUCKET_SECONDS["1m"] * 1000,
  "10m": BUCKET_SECONDS["10m"] * 1000,
}

export function tableName(base: (typeof BASES)[number], level: Level): string {
  return level === "raw" ? `series.${base}` : `series.${base}_${level}`
}

export function seriesTables(keep: Keep): SeriesTable[] {
  const sampled = LEVELS.flatMap((level) =>
    BASES.map((base) => ({
      name: tableName(base, level),
      partitionDays: WIDTH_DAYS[level],
      keepDays: keep[level],
    })),
  )
  // Written on change only, so it needs no coarser copies.
  const statuses = { name: "series.group_status", partitionDays: WIDTH_DAYS["10m"], keepDays: keep["10m"] }
  const signals = (["1m", "10m"] as const).map((level) => ({
    name: `series.signal_values_${level}`,
    partitionDays: WIDTH_DAYS[level],
    keepDays: keep[level],
  }))
  return [...sampled, statuses, ...signals]
}
