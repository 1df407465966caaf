/** One text for a position of a destination in its present life. */
export function positionKey(at: { destinationId: number; partition: number; offset: number }): string {
  return `${at.destinationId}/${at.partition}/${at.offset}`
}
