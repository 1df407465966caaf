/** One of them; the first ones far more often than the last (Zipf). */
export function pickSkewed<Item>(items: readonly [Item, ...Item[]]): Item {
  const index = Math.floor(items.length ** Math.random()) - 1
  return items[index] ?? items[0]
}

/** One of them, each as likely. */
export function pick<Item>(items: readonly [Item, ...Item[]]): Item {
  return items[Math.floor(Math.random() * items.length)] ?? items[0]
}

/** A number in words that a person can read in a log: `ord-k3f9q2`. */
export function newId(prefix: string): string {
  return `${prefix}-${Math.random().toString(36).slice(2, 10)}`
}
