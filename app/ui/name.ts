/** A name as text to be seen and clicked: Kafka allows group names that are empty or blank. */
export function shownName(name: string): string {
  if (name === "") return "(empty name)"
  return name.trim() === "" ? JSON.stringify(name) : name
}
