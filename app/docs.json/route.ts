import { readDocs } from "#server/docs/index.ts"

/** Read when the pages are built: what is served is the documentation of this very version, and needs no network. */
export const dynamic = "force-static"

/** All sections of the documentation, for the help of the console. */
export async function GET(): Promise<Response> {
  return Response.json(await readDocs())
}
