import { type Logger as Pino, pino } from "pino"

export type Logger = Pino

/** Structured log lines on standard output, one JSON object each. Secrets have no field here, ever. */
export function createLogger(role: string): Logger {
  return pino({
    name: "signalbox",
    level: process.env.LOG_LEVEL ?? "info",
    base: { role, pid: process.pid },
    redact: { paths: ["*.password", "*.token", "*.connection", "*.secret"], censor: "[hidden]" },
  })
}
