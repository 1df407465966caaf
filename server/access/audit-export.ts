import { z } from "zod"
import type { Context } from "#server/context.ts"
import { csvLine } from "#server/csv.ts"
import { audit } from "./audit.ts"
import { type AuditDetail, auditFilter, readAudit } from "./audit-log.ts"

const COLUMNS = [
  "id",
  "at",
  "actor",
  "from",
  "action",
  "target",
  "cluster",
  "result",
  "reason",
  "before",
  "after",
] as const

export const auditExportInput = auditFilter.extend({ format: z.enum(["csv", "jsonl"]) })

/** The log as a file, piece by piece: CSV (RFC 4180, with a head line) or JSON Lines. The export is audited itself. */
export async function* exportAudit(
  ctx: Context,
  input: z.output<typeof auditExportInput>,
): AsyncGenerator<string> {
  const { format, ...filter } = input
  await audit(ctx.store.prisma, ctx, {
    action: "audit.export",
    cluster: null,
    target: format,
    after: plain(filter),
    result: "ok",
  })
  if (format === "csv") yield csvLine(COLUMNS)
  const line = format === "csv" ? toCsv : jsonLine
  for await (const entries of readAudit(ctx, filter)) yield entries.map(line).join("")
}

function plain(filter: z.output<typeof auditFilter>) {
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) => value !== undefined && value !== "" && String(value) !== ""),
  )
}

function jsonLine(entry: AuditDetail): string {
  return `${JSON.stringify({ ...entry, at: new Date(entry.at).toISOString() })}\n`
}

function toCsv(entry: AuditDetail): string {
  const { before, after } = entry
  const values = {
    ...entry,
    at: new Date(entry.at).toISOString(),
    before: asText(before),
    after: asText(after),
  }
  return csvLine(COLUMNS.map((column) => values[column] ?? ""))
}

function asText(value: unknown): string {
  return value === null || value === undefined ? "" : JSON.stringify(value)
}
