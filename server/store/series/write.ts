import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import type { PoolClient } from "pg"
import { from as copyFrom } from "pg-copy-streams"
import { type Commits, encodeCommits, NO_COMMIT } from "./encoding.ts"

/** One sweep as it is stored. Arrays are indexed by partition. */
export interface StoredSweep {
  clusterId: number
  /** ms since the epoch. */
  at: number
  ms: number
  logs: { destinationId: number; starts: readonly (bigint | null)[]; ends: readonly (bigint | null)[] }[]
  commits: ({ groupId: number; destinationId: number } & Commits)[]
  /** Groups whose commits were read: what they no longer have has ended. */
  readGroups?: readonly number[]
  /** Groups whose commits could not be read: what was known of them does not hold on. */
  unknownGroups?: readonly number[]
}

/** What was written last of each series, so that what did not change is not written again. */
export interface SweepMemory {
  written: Map<string, { at: number; row: string }>
}

export function newSweepMemory(): SweepMemory {
  return { written: new Map() }
}

/** An unchanged row is written again this often, to say "still so". */
export const HEARTBEAT_MS = 300_000

/**
 * Writes a sweep within the caller's transaction, and announces it (`pg_notify`, sent at commit). A sweep of the same
 * cluster and moment that is already stored is left as it is: then nothing is written and false is returned.
 * `remember` is to be called after the commit; a sweep that was rolled back must not count as written.
 */
export async function writeSweep(
  client: PoolClient,
  sweep: StoredSweep,
  memory: SweepMemory,
): Promise<{ written: boolean; rows: number; remember: () => void }> {
  const at = new Date(sweep.at).toISOString()
  const claimed = await client.query(
    "insert into series.sweep (cluster_id, at, ms) values ($1, $2, $3) on conflict do nothing",
    [sweep.clusterId, at, sweep.ms],
  )
  if (claimed.rowCount === 0) return { written: false, rows: 0, remember: () => undefined }
  const changed: [string, string][] = []
  const over: string[] = []
  const due = (key: string, row: string, id: number) => {
    const last = memory.written.get(key)
    if (last && last.row === row && slot(sweep.at, id) === slot(last.at, id)) return false
    changed.push([key, row])
    return true
  }
  const logs = sweep.logs.flatMap((log) => {
    const row = `${toArray(log.starts)}\t${toArray(log.ends)}`
    return due(`l${log.destinationId}`, row, log.destinationId)
      ? [`${sweep.clusterId}\t${log.destinationId}\t${at}\t${row}\n`]
      : []
  })
  const commits = sweep.commits.flatMap((commit) => {
    const row = toArray(encodeCommits(commit))
    const key = commitKey(commit.groupId, commit.destinationId)
    return due(key, row, commit.groupId + commit.destinationId)
      ? [`${sweep.clusterId}\t${commit.groupId}\t${commit.destinationId}\t${at}\t${row}\n`]
      : []
  })
  for (const { groupId, destinationId, row, ended } of notRead(sweep, memory)) {
    const key = commitKey(groupId, destinationId)
    if (!due(key, row, groupId + destinationId)) continue
    commits.push(`${sweep.clusterId}\t${groupId}\t${destinationId}\t${at}\t${row}\n`)
    if (ended) over.push(key)
  }
  await copy(client, "series.log_offsets (cluster_id, destination_id, at, starts, ends)", logs)
  await copy(client, "series.committed_offsets (cluster_id, group_id, destination_id, at, offsets)", commits)
  await client.query("select pg_notify('signalbox_sweep', $1)", [
    JSON.stringify({ cluster: sweep.clusterId, at: sweep.at }),
  ])
  const remember = () => {
    for (const [key, row] of changed) memory.written.set(key, { at: sweep.at, row })
    for (const key of over) memory.written.delete(key)
  }
  return { written: true, rows: logs.length + commits.length, remember }
}

/** The heartbeat that a moment belongs to. Each series has its own beat, so that not all are due in one sweep. */
function slot(at: number, id: number): number {
  return Math.floor((at + ((id * 7919) % 300) * (HEARTBEAT_MS / 300)) / HEARTBEAT_MS)
}

interface NotRead {
  groupId: number
  destinationId: number
  row: string
  ended: boolean
}

/**
 * What was written of commits that this sweep did not read. Of a group that could not be read they are unknown from here
 * on, where there were any; of one that could, the commits are no more. Without such a row the last one would go on holding.
 */
function notRead(sweep: StoredSweep, memory: SweepMemory): NotRead[] {
  const read = new Set(sweep.commits.map((one) => commitKey(one.groupId, one.destinationId)))
  const unknown = new Set(sweep.unknownGroups)
  const known = new Set(sweep.readGroups)
  return [...memory.written].flatMap(([key, last]) => {
    if (!key.startsWith("c") || read.has(key)) return []
    const [groupId = 0, destinationId = 0] = key.slice(1).split("/").map(Number)
    const ended = known.has(groupId) && !unknown.has(groupId)
    if (!ended && !unknown.has(groupId)) return []
    const none = String(NO_COMMIT)
    const row = last.row.replaceAll(/[^{},]+/g, (one) => (ended || one === none ? none : "NULL"))
    return [{ groupId, destinationId, row, ended }]
  })
}

function commitKey(groupId: number, destinationId: number): string {
  return `c${groupId}/${destinationId}`
}

/** Forgets what was deleted, so that memory does not grow with the topics and groups that ever were. */
export function forget(
  memory: SweepMemory,
  keep: { destinations: ReadonlySet<number>; groups: ReadonlySet<number> },
): void {
  for (const key of memory.written.keys()) {
    const [first = "", second] = key.slice(1).split("/")
    const alive = key.startsWith("l")
      ? keep.destinations.has(Number(first))
      : keep.groups.has(Number(first)) && keep.destinations.has(Number(second))
    if (!alive) memory.written.delete(key)
  }
}

function toArray(values: readonly (bigint | null)[]): string {
  return `{${values.map((value) => value ?? "NULL").join(",")}}`
}

async function copy(client: PoolClient, target: string, lines: string[]): Promise<void> {
  if (lines.length === 0) return
  await pipeline(Readable.from(chunks(lines)), client.query(copyFrom(`copy ${target} from stdin`)))
}

function* chunks(lines: string[]): Generator<string> {
  for (let i = 0; i < lines.length; i += 500) yield lines.slice(i, i + 500).join("")
}
