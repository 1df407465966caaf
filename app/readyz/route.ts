import { web } from "#server/web.ts"

export const dynamic = "force-dynamic"

/** The database answers. */
export async function GET(): Promise<Response> {
  try {
    const { store } = await web()
    await store.pool.query("select 1 from cluster limit 1")
    return new Response("ready\n")
  } catch {
    return new Response("the database does not answer\n", { status: 503 })
  }
}
