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
