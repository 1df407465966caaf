import pLimit from "p-limit"
import type { PoolClient } from "pg"
import { PgBoss } from "pg-boss"

/** Where pg-boss keeps its tables. */
const SCHEMA = "jobs"
/** Connections of the queue itself, besides those of the store. */
const MAX_CONNECTIONS = 2
/** A worker takes a batch each half second; a second batch goes on while a slow job holds up the first. */
const BATCH = 64
const BATCHES = 2

export interface QueueSettings<Data> {
  name: string
  /** Does one job. What it throws makes the job wait and come again, a little later each time. */
  work: (data: Data) => Promise<void>
  /** How many jobs one process works at the same time. */
  concurrency: number
  /** When the process that works a job is taken for dead, s. */
  expireSeconds: number
  onError: (error: unknown) => void
}

/** A queue of jobs in Postgres, on pg-boss: a job is worked at least once, whatever dies meanwhile. */
export interface JobQueue<Data> extends AsyncDisposable {
  /** Adds a job for each of `all`, within a transaction. `afterMs`: not before then. */
  add(client: Pick<PoolClient, "query">, all: readonly Data[], afterMs?: number): Promise<void>
}

/**
 * Makes or renews the tables of the queue. Any number of processes may do so at once, with a role that may create
 * schemas.
 */
export async function installJobs(url: string): Promise<void> {
  const boss = new PgBoss({
    connectionString: url,
    schema: SCHEMA,
    max: 1,
    supervise: false,
    schedule: false,
  })
  boss.on("error", () => undefined)
  await boss.start()
  await boss.stop({ graceful: false })
}

/** Opens a queue and works on it until it is disposed. */
export async function openQueue<Data extends object>(
  url: string,
  settings: QueueSettings<Data>,
): Promise<JobQueue<Data>> {
  const { name, work, concurrency, expireSeconds, onError } = settings
  const boss = new PgBoss({
    connectionString: url,
    schema: SCHEMA,
    max: MAX_CONNECTIONS,
    application_name: "signalbox jobs",
    schedule: false,
    // What a dead process had in hand is found within seconds, not within pg-boss' usual minute.
    superviseIntervalSeconds: 3,
    monitorIntervalSeconds: 3,
    maintenanceIntervalSeconds: 3600,
    reindex: false,
  })
  boss.on("error", onError)
  await boss.start()
  await boss.createQueue(name, {
    policy: "standard",
    expireInSeconds: expireSeconds,
    retryLimit: 100_000,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 30,
    deleteAfterSeconds: 3600,
  })
  const limit = pLimit(concurrency)
  await boss.work<Data>(
    name,
    { batchSize: BATCH, localConcurrency: BATCHES, pollingIntervalSeconds: 0.5 },
    async (jobs) => {
      await Promise.all(jobs.map((job) => limit(() => work(job.data))))
    },
  )
  return {
    add: async (client, all, afterMs = 0) => {
      const db = { executeSql: (text: string, values?: unknown[]) => client.query(text, values ?? []) }
      const startAfter = Math.ceil(afterMs / 1000)
      await boss.insert(
        name,
        all.map((data) => ({ data, startAfter })),
        { db },
      )
    },
    [Symbol.asyncDispose]: () => boss.stop({ graceful: true, timeout: 5000 }),
  }
}
