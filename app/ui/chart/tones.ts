/** The colour of what a line means: the same in every chart and sparkline. */
export const TONES = {
  produced: "var(--produced)",
  consumed: "var(--consumed)",
  lag: "var(--lag)",
  timeLag: "var(--time-lag)",
  lost: "var(--lost)",
  kept: "var(--kept)",
  failed: "var(--lost)",
  /** Only a part is known. */
  partial: "var(--warn)",
} as const
