/** What the pages are told before an act. Numbers are messages and bytes; null is unknown, never zero. */
import type { Problem } from "#server/brokers/broker.ts"

/** What every preview tells. */
export interface Previewed {
  /** Why the broker, or Signalbox, would refuse the act; null: nothing stands in its way now. */
  refusal: string | null
  problems: Problem[]
}

export interface CreatePreview extends Previewed {
  /** Sentences on what one may not expect. */
  warnings: string[]
}

export interface SettingChange {
  name: string
  today: string | null
  /** Who set it: "topic", "static", "default", ... */
  source: string
  default: string | null
  /** What it will be; the default where it is taken back. */
  next: string | null
  isTakenBack: boolean
}

export interface ConfigurePreview extends Previewed {
  changes: SettingChange[]
  /** Messages that the shorter retention deletes soon; null: not asked, or not known. */
  deletes: number | null
  warnings: string[]
}

/** A group that committed on the destination, or whose members read it. */
export interface Reader {
  group: string
  type: string
  state: string
  members: { clientId: string; host: string }[] | null
  /** Messages it has not read yet; null: it could not be told. */
  unread: number | null
}

/** Who reads a destination, the ones with the largest lag first. */
export interface Readers {
  readers: Reader[]
  /** How many there are, those that are not listed among them; null: not known. */
  readerCount: number | null
  problems: Problem[]
}

export interface GrowPreview extends Previewed, Readers {
  from: number
  to: number
  /** Whether the newest messages carry keys; null: none could be looked at. */
  keyed: boolean | null
  compacted: boolean
}

export interface EmptyPreview extends Previewed, Readers {
  uid: string | null
  messages: number | null
  /** Bytes on disk of one copy. */
  bytes: number | null
  /** Up to where each partition is emptied: what arrives later stays. */
  until: { partition: number; before: number }[]
}

export interface DeletePreview extends Previewed, Readers {
  uid: string | null
  partitions: number
  messages: number | null
  bytes: number | null
}

export interface DeleteGroupPreview extends Previewed {
  type: string
  state: string
  members: { clientId: string; host: string }[] | null
  positions: { destination: string; partitions: number; unread: number | null }[]
}
