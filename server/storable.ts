/** Whether PostgreSQL stores this text as it is: no NUL, and no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed()
}
