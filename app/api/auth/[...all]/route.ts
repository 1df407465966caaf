import { web } from "#server/web.ts"

export const dynamic = "force-dynamic"

async function handler(request: Request): Promise<Response> {
  const { auth } = await web()
  return auth.handler(request)
}

export { handler as GET, handler as POST }
