import type { ConnectionField } from "#server/brokers/system.ts"
import { text } from "#server/inputs.ts"
import { parseTemplate, templateProblem } from "../template.ts"
import type { Notification, NotifiedAlert } from "./notification.ts"

const MAX_TEMPLATE = 20_000

/** A Liquid template over the notification; empty: the channel's own words. One that cannot be read is refused. */
export const template = text(MAX_TEMPLATE)
  .default("")
  .superRefine((source, refine) => {
    const message = templateProblem(source)
    if (message !== null) refine.addIssue({ code: "custom", message })
  })

/** The field of a template that replaces `what`. */
export function templateField(what: string): ConnectionField {
  return {
    name: "template",
    label: "Text template",
    help: `A Liquid template over the notification that replaces ${what}. Empty: Signalbox's own words.`,
    kind: "multiline",
  }
}

/** What a template makes of a notification, or of one of its alerts as `alert`; null: there is no template. */
export function written(source: string, notification: Notification, alert?: NotifiedAlert): string | null {
  if (source === "") return null
  return parseTemplate(source)({ ...notification, ...(alert ? { alert } : {}) })
}
