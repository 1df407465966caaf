import type { z } from "zod"
import type { Broker } from "./broker.ts"

/** A messaging system that Signalbox can connect to. Everything a page needs to know of it stands here. */
export interface BrokerSystem<Schema extends z.ZodType = z.ZodType> {
  id: string
  /** The system's name as its users write it: Kafka. */
  name: string
  words: SystemWords
  /** Path data of a 24×24 icon, drawn in the current colour. */
  icon: string
  /** What is needed to connect; its field list (form.ts) makes the form on the page. */
  connection: Schema
  fields: readonly ConnectionField[]
  /** Opens lazily: connecting itself happens at the first call. */
  connect(connection: z.output<Schema>, options: ConnectOptions): Broker
  /** Tries a connection step by step, and says precisely which step fails. Never rejects. */
  probe(connection: z.output<Schema>, signal: AbortSignal): Promise<ProbeStep[]>
}

export interface ConnectOptions {
  /** Named to the broker as client id, so that its operators can tell who asks. */
  clientId: string
  log: (level: "debug" | "warn", message: string, fields?: Record<string, unknown>) => void
}

/** The system's own words, singular and plural, for what the code calls by the neutral word. */
export interface SystemWords {
  destination: { one: string; many: string }
  group: { one: string; many: string }
  node: { one: string; many: string }
  /** What each health of a destination is called, and what it means, in a sentence; then what to do, null: nothing. */
  health: Record<DestinationHealth, { word: string; why: string; advice: string | null }>
  /** What to do about a finding, by its kind, in a sentence. */
  advice: Readonly<Record<string, string>>
  /** What holds of a cluster without any finding, in a sentence. */
  allWell: string
  settings: SettingWords
}

/** What a page knows of a destination's settings besides their values. */
export interface SettingWords {
  /** Those that people come for, in order: shown first, also where they are not set. */
  first: readonly string[]
  /** The values that a setting may have, where there are few. */
  choices: Readonly<Record<string, readonly string[]>>
}

/** How safely a destination is kept (`Redundancy`), by the worst of its partitions. */
export type DestinationHealth = "ok" | "degraded" | "refusing" | "offline"

/** One field of the connection form. `when` shows it only if another field has one of the values. */
export interface ConnectionField {
  name: string
  label: string
  help: string
  kind: "text" | "secret" | "multiline" | "secret-multiline" | "select" | "switch" | "number"
  options?: readonly { value: string; label: string }[]
  placeholder?: string
  /** What the form starts with; default: empty, off, or the first option. */
  initial?: string | boolean
  when?: { field: string; is: readonly (string | boolean)[] }
  /** It says who is sent the secrets: with another value there, stored secrets must be typed again. */
  receivesSecrets?: boolean
}

/** One step of a connection test, in order. Steps after a failed one are `skipped`. */
export interface ProbeStep {
  /** name resolution, TCP, TLS, SASL, version, authorisation */
  step: "dns" | "tcp" | "tls" | "sasl" | "version" | "authorisation"
  result: "ok" | "failed" | "skipped" | "warning"
  /** What was found, or what is wrong and what to do. */
  message: string
  ms: number
}
