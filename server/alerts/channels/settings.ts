import type { Vault } from "#server/access/index.ts"
import { readDocument } from "#server/store/index.ts"
import type { Channel } from "./channel.ts"

const purpose = (id: string) => `alert channel ${id}`

/** Seals the settings of a channel for the database. */
export function sealSettings(vault: Vault, id: string, settings: unknown): string {
  return vault.seal(JSON.stringify(settings), purpose(id))
}

/** The settings of a channel as they were sealed. Throws a DomainError for another key or another version. */
export function openSettings<Settings>(
  vault: Vault,
  channel: Channel<Settings>,
  { id, sealed }: { id: string; sealed: string },
): Settings {
  return readDocument(channel.settings, JSON.parse(vault.open(sealed, purpose(id))), `The channel ${id}`)
}
