/** Shorter parts of an address ("v2", "hooks") are no secrets, and hiding them would make answers unreadable. */
const MIN_SECRET = 8
const HIDDEN = "…"

/** A text in which no secret stands, nor what is in it once it is encoded for an address. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    .filter((secret) => secret !== "")
    .toSorted((a, b) => b.length - a.length)
    .reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text)
}

/** What is secret in an address that lets in whoever knows it: all of it, and each long part behind the host. */
export function secretsOfUrl(address: string): string[] {
  const url = new URL(address)
  const parts = [...url.pathname.split("/"), ...url.searchParams.values()]
  const secret = parts.filter((part) => part.length >= MIN_SECRET)
  return [address, `${url.pathname}${url.search}`, ...secret].filter((part) => part.length >= MIN_SECRET)
}
