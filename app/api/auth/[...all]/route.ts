import { web } from "#server/web.ts"

export const dynamic = "force-dynamic"

/** What the sign-in service may be asked. Whatever else it can do has a procedure here, which asks for rights and is audited. */
const OPEN = ["/sign-in/email", "/sign-out"]

async function handler(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname.replace(/^\/api\/auth/, "")
  if (!OPEN.includes(path)) return Response.json({ message: "There is no such address." }, { status: 404 })
  const { auth } = await web()
  return auth.handler(request)
}

export { handler as GET, handler as POST }
