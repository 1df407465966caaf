import { prepareQuickStarts, startKafka } from "#scripts/stack/kafka/kafka.ts"
import { startPostgres } from "#scripts/stack/postgres.ts"
import { readSharedStack } from "#scripts/stack/shared.ts"

export interface Lease {
  bootstrap: string[]
  postgresUrl: string
  /** Ends the stack when nobody else holds it, unless it is a developer's. */
  release(): Promise<void>
}

interface Shared {
  bootstrap: string[]
  postgresUrl: string
  end(): Promise<void>
}

interface Held {
  holders: number
  stack: Promise<Shared>
}

// Vitest evaluates this module once a project; only the global object is common to them.
const holder = globalThis as { signalboxStack?: Held | undefined }

/** The one stack of this test run: started at the first call, or a developer's that SIGNALBOX_STACK names. */
export async function leaseStack(): Promise<Lease> {
  holder.signalboxStack ??= { holders: 0, stack: takeOrStart() }
  const held = holder.signalboxStack
  held.holders++
  const { bootstrap, postgresUrl, end } = await held.stack
  return {
    bootstrap,
    postgresUrl,
    release: async () => {
      held.holders--
      if (held.holders > 0) return
      holder.signalboxStack = undefined
      await end()
    },
  }
}

async function takeOrStart(): Promise<Shared> {
  const shared = await readSharedStack()
  if (shared) return { bootstrap: shared.bootstrap, postgresUrl: shared.postgresUrl, end: async () => {} }
  const [kafka, postgres] = await Promise.all([
    prepareQuickStarts().then(() => startKafka({ brokers: 3 })),
    startPostgres(),
  ])
  return {
    bootstrap: kafka.bootstrap,
    postgresUrl: postgres.url,
    end: async () => {
      await Promise.all([kafka[Symbol.asyncDispose](), postgres[Symbol.asyncDispose]()])
    },
  }
}
