import { readFile } from "node:fs/promises"
import { z } from "zod"

const sharedStack = z.object({
  bootstrap: z.array(z.string()).min(1),
  postgresUrl: z.string(),
  pids: z.object({ dev: z.number(), postgres: z.number(), kafka: z.array(z.number()) }),
})

/** What `scripts/stack/dev.ts` writes for those who share its stack. */
export type SharedStack = z.infer<typeof sharedStack>

/** The stack that a developer keeps up, when SIGNALBOX_STACK names its file. */
export async function readSharedStack(): Promise<SharedStack | null> {
  const file = process.env.SIGNALBOX_STACK
  if (!file) return null
  return sharedStack.parse(JSON.parse(await readFile(file, "utf8")))
}
