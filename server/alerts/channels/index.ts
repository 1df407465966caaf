import type { Channel } from "./channel.ts"
import { webhook } from "./webhook/index.ts"

/** Every kind of channel; one more is one folder and one line. */
export const CHANNELS: readonly Channel[] = [webhook]

const BY_KIND = new Map(CHANNELS.map((channel) => [channel.kind, channel]))

export function findChannel(kind: string): Channel | undefined {
  return BY_KIND.get(kind)
}
