import type { Message } from "#server/brokers/broker.ts"

/** A message with these headers, in this order; a string stands for its UTF-8 bytes. */
export function deadMessage(
  headers: [string, Buffer | string | null][],
  over: Partial<Message> = {},
): Message {
  return {
    offset: 0n,
    timestamp: 1_700_000_000_000n,
    timestampType: "create",
    key: null,
    value: Buffer.from("{}"),
    headers: headers.map(([key, value]) => ({
      key,
      value: typeof value === "string" ? Buffer.from(value) : value,
    })),
    control: null,
    withheld: null,
    ...over,
  }
}

/** Bytes as a packet dump shows them: "00 00 00 05". */
export function bytes(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(" ", ""), "hex")
}
