import { BASE_PATH } from "#app/base-path.ts"

const YEAR_S = 31_536_000

/** What a browser remembers of how one likes it. The server reads it too, so a page arrives as it stays. */
export const PREFERENCES = {
  scheme: "signalbox.scheme",
  narrow: "signalbox.narrow",
  density: "signalbox.density",
  zone: "signalbox.zone",
} as const

/** Keeps a preference in this browser; null forgets it. */
export function remember(preference: keyof typeof PREFERENCES, value: string | null): void {
  const age = value === null ? 0 : YEAR_S
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet.
  document.cookie = `${PREFERENCES[preference]}=${value ?? ""}; path=${BASE_PATH || "/"}; max-age=${age}; samesite=lax`
}
