/** A partition of a destination. */
export interface Place {
  destination: string
  partition: number
}

/** One text for a partition, as a key of maps and lists: orders/3. */
export function placeKey(at: Place): string {
  return `${at.destination}/${at.partition}`
}
