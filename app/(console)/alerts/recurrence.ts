import type { RouterOutputs } from "#app/trpc/types.ts"
import { duration } from "#app/ui/format.ts"

type Recurrence = NonNullable<RouterOutputs["alerts"]["silences"]["rows"][number]["recurrence"]>

/** Days of the week as they are written; 0 is Sunday. */
export const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const

/** A maintenance window in words: "Mon, Tue at 22:00 for 2 h (Europe/Berlin)". */
export function describeRecurrence({ days, start, minutes, timeZone }: Recurrence): string {
  const named = days.length === 7 ? "every day" : days.map((day) => DAYS[day]).join(", ")
  return `${named} at ${start} for ${duration(minutes * 60_000)} (${timeZone})`
}
