import { z } from "zod"
import { withBasePath } from "#app/base-path.ts"
import { answerOidc, OIDC, signOut } from "#server/access/index.ts"
import { errorResponse } from "#server/trpc/http.ts"
import { type Web, web } from "#server/web.ts"

export const dynamic = "force-dynamic"

/** Beside /sign-in/email and /sign-out. Whatever else the service can do has a procedure, which asks for rights and is audited. */
const START = "/sign-in/social"

/** Nothing but this: a token from elsewhere, scopes or parameters of one's own are not taken. */
const start = z.strictObject({
  provider: z.literal(OIDC),
  callbackURL: z.string().startsWith("/"),
  errorCallbackURL: z.literal(withBasePath("/sign-in")),
})

async function handler(request: Request): Promise<Response> {
  const own = await web()
  try {
    return await answer(own, request)
  } catch (error) {
    own.log.warn({ err: error }, "a request to sign in or out failed")
    return errorResponse(error)
  }
}

async function answer(own: Web, request: Request): Promise<Response> {
  const path = new URL(request.url).pathname.replace(/^\/api\/auth/, "")
  const outside = asSentTo(request)
  if (path === "/sign-out") return signOut(own, outside)
  if (path === "/sign-in/email") return own.auth.handler(outside)
  if (!own.oidc || (path !== START && path !== `/callback/${OIDC}`))
    return Response.json({ message: "Not found." }, { status: 404 })
  if (path === START) start.parse(await outside.clone().json())
  return answerOidc(await own.oidc(), outside)
}

/** Next takes the base path off an address; the sign-in service goes by the address that the browser asked for. */
function asSentTo(request: Request): Request {
  const url = new URL(request.url)
  url.pathname = withBasePath(url.pathname)
  return new Request(url, request)
}

export { handler as GET, handler as POST }
