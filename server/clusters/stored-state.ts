import { z } from "zod"

/** The JSON documents of cluster_state, as the last sweep and the last description left them. */
const part = z.union([
  z.object({ kind: z.literal("cluster") }),
  z.object({ kind: z.literal("node"), node: z.number() }),
  z.object({ kind: z.literal("destination"), destination: z.string(), partition: z.number().optional() }),
  z.object({ kind: z.literal("group"), group: z.string(), member: z.string().optional() }),
])
const problem = z.object({ part, code: z.string(), message: z.string() })
const problems = z.object({
  sweep: z.array(problem).default([]),
  description: z.array(problem).default([]),
})

const findings = z.array(
  z.object({
    level: z.enum(["bad", "warn", "info"]),
    kind: z.string(),
    message: z.string(),
    destinations: z.array(z.string()),
  }),
)

const bytes = z.number().nullable()
const logDir = z.object({
  path: z.string(),
  usedBytes: z.number(),
  totalBytes: bytes,
  freeBytes: bytes,
  error: z.string().nullable(),
})
const node = z.object({
  id: z.number(),
  host: z.string(),
  port: z.number(),
  rack: z.string().nullable(),
  controller: z.boolean(),
  online: z.boolean().nullable(),
  logDirs: z.array(logDir).nullable(),
})
const nodes = z.object({
  nodes: z.array(node),
  leaders: z.array(z.object({ node: z.number(), leaders: z.number(), replicas: z.number() })),
})

/** A node as it is stored; sizes in bytes. */
export type StoredNode = z.output<typeof node>

export interface StoredState {
  problems: z.output<typeof problem>[]
  findings: z.output<typeof findings>
  nodes: z.output<typeof nodes> | null
}

/**
 * What is stored of a cluster's state. A document of another version of Signalbox is unknown, not empty: it is told as a
 * problem until the next sweep or description replaces it.
 */
export function readState(
  stored: { problems: unknown; findings: unknown; nodes: unknown } | null,
): StoredState {
  const unread: string[] = []
  const read = <Schema extends z.ZodType>(schema: Schema, value: unknown, of: string) => {
    const parsed = schema.safeParse(value)
    if (!parsed.success) unread.push(of)
    return parsed.data ?? null
  }
  // An empty list is what stands there before the first sweep.
  const before = Array.isArray(stored?.problems) ? {} : (stored?.problems ?? {})
  const known = read(problems, before, "problems")
  const state = {
    findings: read(findings, stored?.findings ?? [], "findings") ?? [],
    nodes: read(nodes.nullable(), stored?.nodes ?? null, "nodes"),
  }
  return {
    ...state,
    problems: [...(known?.sweep ?? []), ...(known?.description ?? []), ...unread.map(toProblem)],
  }
}

function toProblem(of: string): z.output<typeof problem> {
  return {
    part: { kind: "cluster" },
    code: "unreadable",
    message: `The stored ${of} cannot be read by this version of Signalbox; the next refresh replaces them.`,
  }
}
