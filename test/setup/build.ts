import { ensureBuild } from "#server/build/index.ts"

/** Browser tests look at the pages as users get them: built. */
export default async function setup(): Promise<void> {
  await ensureBuild()
}
