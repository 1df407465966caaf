/** What every service of the shop gets. */
export interface ShopContext {
  bootstrap: string[]
  /** Multiplies all traffic; 1 is about 120 messages a second. */
  rate: number
  /** Length of the compressed day. */
  wavePeriodMs: number
  /** How long `billing` and `audit-archiver` work before they stop for good. */
  stopAfterMs: number
  /** Half of one cycle in which `analytics` first falls behind and then catches up. */
  analyticsCycleMs: number
  /** When the one order that shipping cannot handle is placed. */
  poisonAfterMs: number
  /** Base addresses of the services that can be called. */
  urls: { orders: string; inventory: string; payment: string }
  signal: AbortSignal
  log: (line: string) => void
}

/** A running service of the shop. */
export type Service = AsyncDisposable
