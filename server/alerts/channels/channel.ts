import type { z } from "zod"
import type { ConnectionField } from "#server/brokers/system.ts"
import type { Notification, NotifiedAlert } from "./notification.ts"

/** What a receiver said to a delivery. */
export interface Delivered {
  /** For whoever looks at the channel: "202 Accepted". */
  answer: string
}

/** A delivery that failed. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError"
  /** Whether it may succeed later. */
  readonly retry: boolean
  /** How long the receiver asks to wait, ms; null: it does not say. */
  readonly retryAfterMs: number | null

  constructor(message: string, options: { retry: boolean; retryAfterMs?: number | null; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.retry = options.retry
    this.retryAfterMs = options.retryAfterMs ?? null
  }
}

/** A chart of what an alert's signal said. */
export interface Picture {
  png: Buffer
  /** In CSS pixels; the PNG has more for dense screens. */
  width: number
  height: number
  /** In words. */
  description: string
}

/** The chart of an alert; null: there is none. Never rejects. */
export type Pictures = (alert: NotifiedAlert) => Promise<Picture | null>

/** A way to tell people: one folder each. */
export interface Channel<Settings = unknown> {
  /** Names it in the database and in signalbox.yaml: "slack". */
  kind: string
  /** As people call it: "Slack". */
  label: string
  /** The settings as they are stored; secrets among them are sealed. */
  settings: z.ZodType<Settings>
  /** The form of the settings, by the names of its fields. */
  fields: readonly ConnectionField[]
  /** Whether it tells that an alert was acknowledged, or no longer is. Others hear of that nothing. */
  tellsAcknowledged: boolean
  /**
   * For receivers in which each alert lives on as something of its own (an incident): how many fit into one notification,
   * and none is left out. null: it shows people the first alerts, and counts the rest.
   */
  everyAlert: number | null
  /**
   * For receivers that take an alert for resolved when they hear no more of it: how often they hear of all that fires,
   * whatever its route says, in ms. null: reminders come as the route says.
   */
  keepAliveMs: number | null
  /**
   * Delivers a notification; no request of it takes more than 10 s. Throws a DeliveryError. It may be asked for the same
   * notification again, and gives the receiver a key to recognise it by, wherever the protocol has one. `pictures` is for
   * channels that can show them.
   */
  send(settings: Settings, notification: Notification, pictures?: Pictures): Promise<Delivered>
}
