import { expect } from "vitest"

/** Signs in to the web role at `url` without a browser. Returns the cookies of the session. */
export async function signInByHttp(
  url: string,
  user: { email: string; password: string },
  origin = url,
): Promise<string> {
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({ email: user.email, password: user.password }),
  })
  expect(answer.status).toBe(200)
  return answer.headers
    .getSetCookie()
    .flatMap((cookie) => cookie.split(";")[0] ?? [])
    .join("; ")
}
