import { type DestinationStream, type Logger as Pino, pino, stdSerializers } from "pino"

export type Logger = Pino

const SECRET = /password|passphrase|secret|token|connection|authorization|cookie|credential|private_?key/i
const HIDDEN = "[hidden]"
/** What is nested deeper is left out of the line. */
const MAX_DEPTH = 8

/** Structured log lines, one JSON object each, by default on standard output. Fields that may hold a secret are hidden, however deep. */
export function createLogger(role: string, destination?: DestinationStream): Logger {
  const options = {
    name: "signalbox",
    level: process.env.LOG_LEVEL ?? "info",
    base: { role, pid: process.pid },
    // Errors are made plain, causes included, before pino would do it.
    serializers: { err: (error: unknown) => error },
    formatters: { log: (fields: Record<string, unknown>) => hidden(fields) },
  }
  return destination ? pino(options, destination) : pino(options)
}

function hidden(fields: object, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      SECRET.test(name) && value !== null && value !== undefined ? HIDDEN : clean(value, depth + 1),
    ]),
  )
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return typeof value === "bigint" ? String(value) : value
  if (depth > MAX_DEPTH) return "[nested too deep]"
  if (value instanceof Error) return cleanError(value, depth)
  if (Array.isArray(value)) return value.map((one) => clean(one, depth + 1))
  if (Buffer.isBuffer(value)) return `[${value.length} bytes]`
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(value))
  return isPlain ? hidden(value, depth) : value
}

/** An error with its type, message and stack, its own fields, and its causes likewise. */
function cleanError(error: Error, depth: number): Record<string, unknown> {
  const { type, stack } = stdSerializers.err(error)
  const cause = error.cause === undefined ? {} : { cause: clean(error.cause, depth + 1) }
  return { type, message: error.message, stack, ...hidden({ ...error }, depth), ...cause }
}
