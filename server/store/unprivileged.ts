import { execFileSync, type SpawnOptions } from "node:child_process"
import path from "node:path"
import { DomainError } from "#server/errors.ts"

/** Whom PostgreSQL, which refuses to run as root, runs as. */
export interface ServerUser {
  name: string
  uid: number
  gid: number
  /** True: folders that must be entered are closed to this user, so that the process is let past them. */
  letPast: boolean
}

/** What is to be spawned, and how. */
export interface Spawnable {
  command: string
  args: string[]
  options: Pick<SpawnOptions, "uid" | "gid">
}

/**
 * The user for a server that must reach these paths: undefined unless we are root; else `postgres`, or `nobody`. Who
 * clones into /root has a folder that neither may enter: then the server keeps one capability, CAP_DAC_OVERRIDE
 * (capabilities(7)). Throws a DomainError that says what to do where that cannot be had.
 */
export function serverUser(reach: readonly string[]): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const found = ["postgres", "nobody"].map(lookUp).find((user) => user !== null)
  if (!found)
    throw new DomainError(
      "unsupported",
      "PostgreSQL cannot run as root and there is no user `postgres` or `nobody` here.",
    )
  const open = { ...found, letPast: false }
  if (reach.every((place) => enters(open, place))) return open
  const past = { ...found, letPast: true }
  if (reach.every((place) => enters(past, place))) return past
  throw new DomainError(
    "unsupported",
    `PostgreSQL runs as the user ${found.name}, who may not enter ${reach.join(" or ")}. Move Signalbox to a folder that everyone may enter, such as one in /opt, or set DATABASE_URL to a PostgreSQL of your own.`,
  )
}

const ONLY_PAST = "-all,+dac_override"
// access(2), by which PostgreSQL looks for its own parts, ignores capabilities of a user who is not root unless
// SECBIT_NO_SETUID_FIXUP is set.
const LET_PAST = ["--securebits", "+no_setuid_fixup", "--bounding-set", ONLY_PAST].concat(
  ["--inh-caps", ONLY_PAST],
  ["--ambient-caps", ONLY_PAST],
)

/** The same command line, run as that user. */
export function runAs(user: ServerUser | undefined, command: string, args: string[]): Spawnable {
  if (!user) return { command, args, options: {} }
  if (!user.letPast) return { command, args, options: { uid: user.uid, gid: user.gid } }
  const ids = ["--reuid", String(user.uid), "--regid", String(user.gid), "--clear-groups"]
  return { command: "setpriv", args: [...ids, ...LET_PAST, "--", command, ...args], options: {} }
}

function lookUp(name: string): Omit<ServerUser, "letPast"> | null {
  try {
    const id = (flag: string) =>
      Number(execFileSync("id", [flag, name], { stdio: ["ignore", "pipe", "ignore"] }))
    return { name, uid: id("-u"), gid: id("-g") }
  } catch {
    return null
  }
}

function enters(user: ServerUser, place: string): boolean {
  const { command, args, options } = runAs(user, "test", ["-x", path.resolve(place)])
  try {
    execFileSync(command, args, { ...options, cwd: "/", stdio: "ignore" })
    return true
  } catch {
    return false
  }
}
