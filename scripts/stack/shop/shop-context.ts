import type { Telemetry } from "./telemetry.ts"

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
  /** When wholesalers first send their orders, and how long it is until they do so again. */
  wholesaleAfterMs: number
  wholesaleCycleMs: number
  /** When the shop was opened. */
  openedAt: number
  telemetry: Telemetry
  /** Addresses of the services that can be called by gRPC, of each instance. */
  addresses: { orders: string[]; inventory: string[]; payment: string[] }
  signal: AbortSignal
  log: (line: string) => void
}

/** A running service of the shop. */
export type Service = AsyncDisposable
