import { z } from "zod"
import type { Message } from "#server/brokers/broker.ts"
import {
  jsonAt,
  ObjectTree,
  parseTree,
  printTree,
  removeJson,
  setJson,
  type Tree,
} from "#server/messages/index.ts"

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
export function changesBetween(before: Tree, after: Tree, at: (string | number)[] = []): Change[] {
  if (same(before, after)) return []
  if (before instanceof ObjectTree && after instanceof ObjectTree) {
    const fields = new Map(after.entries)
    const removed = [...new Map(before.entries).keys()].filter((name) => !fields.has(name))
    return [
      ...removed.map((name): Change => ({ op: "remove", path: [...at, name] })),
      ...[...fields].flatMap(([name, value]) => {
        const old = before.get(name)
        return old === undefined ? [set([...at, name], value)] : changesBetween(old, value, [...at, name])
      }),
    ]
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return after.flatMap((value, index) => changesBetween(before[index] ?? null, value, [...at, index]))
  if (typeof before === "string") return [changeOfText(before, after, at)]
  return [set(at, after)]
}

function changeOfText(before: string, after: Tree, at: (string | number)[]): Change {
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

function set(at: (string | number)[], value: Tree): Change {
  return { op: "set", path: at, json: printTree(value, 0) }
}

/** Changes only the characters that a change is about: how the rest of the JSON is written is not ours to change. */
function changedValue(value: Buffer | null, changes: readonly Change[]): Buffer | null {
  if (value === null || changes.length === 0) return value
  let text: string
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value)
    parseTree(text)
  } catch {
    return value
  }
  const after = changes.reduce(changed, text)
  return after === text ? value : Buffer.from(after)
}

/** The text with the change made at its path; the same text where the path leads nowhere. */
function changed(text: string, by: Change): string {
  switch (by.op) {
    case "replace": {
      const leaf = leafAt(text, by.path)
      return typeof leaf === "string" && leaf.includes(by.find)
        ? setJson(text, by.path, JSON.stringify(leaf.replaceAll(by.find, () => by.with)))
        : text
    }
    case "number": {
      const leaf = leafAt(text, by.path)
      const digits = typeof leaf === "string" ? said(leaf) : null
      return digits === null ? text : setJson(text, by.path, digits)
    }
    case "set":
      parseTree(by.json)
      return setJson(text, by.path, by.json)
    case "remove":
      return removeJson(text, by.path)
  }
}

function leafAt(text: string, path: Change["path"]): Tree | undefined {
  const json = jsonAt(text, path)
  return json === undefined ? undefined : parseTree(json)
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

function same(one: Tree, other: Tree): boolean {
  return printTree(one, 0) === printTree(other, 0)
}
