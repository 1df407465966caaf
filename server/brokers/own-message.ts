import type { Message } from "./broker.ts"

/** The message with bytes of its own: kept, it does not keep the whole batch in which it came. */
export function ownMessage(message: Message): Message {
  const own = (bytes: Buffer | null) => bytes && Buffer.from(bytes)
  return {
    ...message,
    key: own(message.key),
    value: own(message.value),
    headers: message.headers.map(({ key, value }) => ({ key, value: own(value) })),
  }
}

/** Values beyond this are worth being freed at once (bytes). */
const LARGE = 1 << 20

/**
 * Frees a large value that is a copy of its own, at once: the collector would do it later, and several would wait for it.
 * Nobody may read it afterwards.
 */
export function freeLarge({ value }: Pick<Message, "value">): void {
  if (!value || value.length <= LARGE || !(value.buffer instanceof ArrayBuffer)) return
  // What shares its memory with others, as a view of what was fetched does, is left to the collector.
  if (!value.buffer.detached && value.buffer.byteLength === value.length) value.buffer.transfer(0)
}
