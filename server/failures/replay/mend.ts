import { z } from "zod"
import type { Message } from "#server/brokers/broker.ts"
import { ExactNumber, parseJson, printJson } from "#server/messages/index.ts"

const path = z.array(z.union([z.string().max(500), z.number().int().min(0)])).max(50)

/** One change at one place of a JSON value. Where it does not apply, the message stays as it is. */
export const change = z.discriminatedUnion("op", [
  /** The text that is found, every time it occurs in the string at this place, becomes another. */
  z.strictObject({
    op: z.literal("replace"),
    path,
    find: z.string().min(1).max(10_000),
    with: z.string().max(10_000),
  }),
  /** The string at this place becomes the number that it says, with a decimal point or comma. */
  z.strictObject({ op: z.literal("number"), path }),
  /** The same JSON in every message. */
  z.strictObject({ op: z.literal("set"), path, json: z.string().max(1_000_000) }),
  z.strictObject({ op: z.literal("remove"), path }),
])

/** What is changed in every message before it is sent again. */
export const mend = z.strictObject({
  changes: z.array(change).max(200).default([]),
  /** The whole value as text, or null for none; for what is no JSON. */
  value: z.string().max(10_000_000).nullable().optional(),
  key: z.string().max(1_000_000).nullable().optional(),
  headers: z
    .strictObject({
      set: z.array(z.strictObject({ key: z.string().max(500), value: z.string().max(100_000) })).max(200),
      remove: z.array(z.string().max(500)).max(200),
    })
    .default({ set: [], remove: [] }),
})

export type Change = z.output<typeof change>
export type Mend = z.output<typeof mend>
type Body = Pick<Message, "key" | "value" | "headers">

/** The message as it is sent again. What no change applies to keeps its very bytes. */
export function applyMend(message: Body, by: Mend): Body {
  return {
    key: by.key === undefined ? message.key : bytes(by.key),
    value: by.value === undefined ? changedValue(message.value, by.changes) : bytes(by.value),
    headers: [
      ...message.headers.filter(({ key }) => !by.headers.remove.includes(key) && !isSet(by, key)),
      ...by.headers.set.map(({ key, value }) => ({ key, value: Buffer.from(value) })),
    ],
  }
}

/** Whether anything is changed at all. */
export function mendsNothing(by: Mend): boolean {
  const { changes, headers, key, value } = by
  const inHeaders = headers.set.length + headers.remove.length
  return changes.length === 0 && inHeaders === 0 && key === undefined && value === undefined
}

/**
 * The changes that make one JSON value of another, so that they can be made to others like it: `"12,50"` → `"12.50"` is
 * told as replacing the comma, `"12,50"` → `12.5` as taking the number it says.
 */
export function changesBetween(before: unknown, after: unknown, at: (string | number)[] = []): Change[] {
  if (same(before, after)) return []
  if (isObject(before) && isObject(after)) {
    const removed = Object.keys(before).filter((key) => !Object.hasOwn(after, key))
    return [
      ...removed.map((key): Change => ({ op: "remove", path: [...at, key] })),
      ...Object.entries(after).flatMap(([key, value]) =>
        Object.hasOwn(before, key)
          ? changesBetween(before[key], value, [...at, key])
          : [set([...at, key], value)],
      ),
    ]
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return after.flatMap((value, index) => changesBetween(before[index], value, [...at, index]))
  if (typeof before === "string") return [changeOfText(before, after, at)]
  return [set(at, after)]
}

function changeOfText(before: string, after: unknown, at: (string | number)[]): Change {
  if (typeof after === "number" && said(before) === String(after)) return { op: "number", path: at }
  if (typeof after !== "string") return set(at, after)
  const most = Math.min(before.length, after.length)
  let start = 0
  while (start < most && before[start] === after[start]) start++
  let end = 0
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  const find = before.slice(start, before.length - end)
  const replacement = after.slice(start, after.length - end)
  const told =
    find !== "" && find.length < before.length && before.replaceAll(find, () => replacement) === after
  return told ? { op: "replace", path: at, find, with: replacement } : set(at, after)
}

function set(at: (string | number)[], value: unknown): Change {
  return { op: "set", path: at, json: printJson(value, 0) }
}

function changedValue(value: Buffer | null, changes: readonly Change[]): Buffer | null {
  if (value === null || changes.length === 0) return value
  let tree: unknown
  try {
    tree = parseJson(new TextDecoder("utf-8", { fatal: true }).decode(value))
  } catch {
    return value
  }
  const before = printJson(tree, 0)
  for (const one of changes) tree = changed(tree, one.path, one)
  const after = printJson(tree, 0)
  return after === before ? value : Buffer.from(after)
}

/** A copy with the change made at the path; the same tree where the path leads nowhere. */
function changed(tree: unknown, at: readonly (string | number)[], by: Change): unknown {
  const [step, ...rest] = at
  if (step === undefined) return changedLeaf(tree, by)
  if (Array.isArray(tree)) {
    if (typeof step !== "number" || step >= tree.length) return tree
    if (rest.length === 0 && by.op === "remove") return tree.toSpliced(step, 1)
    return tree.with(step, changed(tree[step], rest, by))
  }
  if (!isObject(tree) || typeof step !== "string") return tree
  if (rest.length === 0 && by.op === "remove")
    return Object.fromEntries(Object.entries(tree).filter(([key]) => key !== step))
  if (!Object.hasOwn(tree, step))
    return by.op === "set" && rest.length === 0 ? { ...tree, [step]: parseJson(by.json) } : tree
  const next = changed(tree[step], rest, by)
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, key === step ? next : value]))
}

function changedLeaf(leaf: unknown, by: Change): unknown {
  switch (by.op) {
    case "replace":
      return typeof leaf === "string" ? leaf.replaceAll(by.find, () => by.with) : leaf
    case "number": {
      const digits = typeof leaf === "string" ? said(leaf) : null
      return digits === null ? leaf : parseJson(digits)
    }
    case "set":
      return parseJson(by.json)
    case "remove":
      return leaf
  }
}

/** The number that a text says, as JSON writes it: "12,50" → 12.5, "1.234,5" → null, since nobody can know. */
function said(text: string): string | null {
  const found = /^\s*(-?\d{1,15})(?:[.,](\d{1,15}))?\s*$/.exec(text)
  if (!found) return null
  return String(Number(`${found[1]}.${found[2] ?? "0"}`))
}

function bytes(text: string | null): Buffer | null {
  return text === null ? null : Buffer.from(text)
}

function isSet(by: Mend, key: string): boolean {
  return by.headers.set.some((one) => one.key === key)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
  )
}

function same(one: unknown, other: unknown): boolean {
  return printJson(one, 0) === printJson(other, 0)
}
