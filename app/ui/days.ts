/** A day of the viewer's own calendar as "2026-11-27". */
export function dayOf(at: Date): string {
  const two = (part: number) => String(part).padStart(2, "0")
  return `${String(at.getFullYear()).padStart(4, "0")}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** Its noon: no change of the clocks makes another day of it. */
export function fromDay(day: string): Date {
  return new Date(`${day}T12:00:00`)
}

export function addDays(day: string, days: number): string {
  const at = fromDay(day)
  at.setDate(at.getDate() + days)
  return dayOf(at)
}

/** The same day some months later; the last one where that month is shorter. */
export function addMonths(day: string, months: number): string {
  const at = fromDay(day)
  const dayOfMonth = at.getDate()
  at.setDate(1)
  at.setMonth(at.getMonth() + months)
  const last = new Date(at.getFullYear(), at.getMonth() + 1, 0).getDate()
  at.setDate(Math.min(dayOfMonth, last))
  return dayOf(at)
}

/** The six weeks, from Mondays, that a month is drawn with. */
export function weeksOf(day: string): string[][] {
  const first = `${day.slice(0, 7)}-01`
  const monday = addDays(first, -((fromDay(first).getDay() + 6) % 7))
  return Array.from({ length: 6 }, (_, week) =>
    Array.from({ length: 7 }, (__, weekday) => addDays(monday, week * 7 + weekday)),
  )
}
