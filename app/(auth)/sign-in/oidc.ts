import { withBasePath } from "#app/base-path.ts"

/** Goes to the OIDC provider; comes back to `next`. Returns what went wrong instead. */
export async function startOidc(next: string): Promise<string | null> {
  const back = { callbackURL: withBasePath(next), errorCallbackURL: withBasePath("/sign-in") }
  const response = await fetch(withBasePath("/api/auth/sign-in/social"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ provider: "oidc", ...back }),
  }).catch(() => null)
  const answer: { url?: string } | null = response?.ok ? await response.json() : null
  if (!answer?.url) return "The sign-in provider does not answer. Try again in a moment."
  window.location.assign(answer.url)
  return null
}
