import { alertmanager } from "./alertmanager/index.ts"
import type { Channel } from "./channel.ts"
import { dingtalk } from "./dingtalk/index.ts"
import { discord } from "./discord/index.ts"
import { email } from "./email/index.ts"
import { feishu } from "./feishu/index.ts"
import { opsgenie } from "./opsgenie/index.ts"
import { pagerduty } from "./pagerduty/index.ts"
import { slack } from "./slack/index.ts"
import { teams } from "./teams/index.ts"
import { webhook } from "./webhook/index.ts"
import { wecom } from "./wecom/index.ts"

/** Every kind of channel; one more is one folder and one line. */
export const CHANNELS: readonly Channel[] = [
  webhook,
  slack,
  teams,
  discord,
  email,
  pagerduty,
  opsgenie,
  alertmanager,
  dingtalk,
  feishu,
  wecom,
]

const BY_KIND = new Map(CHANNELS.map((channel) => [channel.kind, channel]))

export function findChannel(kind: string): Channel | undefined {
  return BY_KIND.get(kind)
}
