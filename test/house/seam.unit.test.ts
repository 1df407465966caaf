import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"

const root = path.resolve(import.meta.dirname, "../..")
const LEFT_OUT = /^server\/(brokers\/|store\/prisma\/)/

/** What decides by a word of one system, in a file that is for all of them. */
const RULES: { what: string; shape: RegExp; left: Record<string, string> }[] = [
  {
    what: "types of groups",
    shape: /\btype\s*[!=]==?\s*"(classic|consumer|share|streams)"/i,
    left: {},
  },
  {
    what: "lists of types of groups",
    shape: /"classic"\s*,\s*"consumer"/,
    left: {},
  },
  {
    what: "origins of settings",
    shape: /\bsource\s*[!=]==?\s*"(topic|static|dynamic-broker)"/,
    left: {},
  },
  {
    what: "names of settings",
    shape: /"(cleanup\.policy|retention\.(ms|bytes)|min\.insync\.replicas)"/,
    left: {},
  },
  {
    what: "states of groups",
    shape: /\bstate\s*[!=]==?\s*"(empty|dead|stable|preparing-rebalance|completing-rebalance)"/,
    left: {},
  },
  {
    what: "replicas in sync",
    shape: /\bisr\b.*[<>]|[<>].*\bisr\b|acks=all/,
    left: {
      "server/alerts/rules/defaults.ts": "words of the rule for partitions that refuse writes",
      "server/alerts/signals/under-min-isr.ts": "words of the signal that counts them",
    },
  },
  {
    what: "transactions of a log",
    shape: /lastStableOffset|__consumer_offsets|__transaction_state/,
    left: {},
  },
]

function sources(): string[] {
  return ["app", "server"].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .map((file) => `${folder}/${file}`)
      .filter((file) => /\.tsx?$/.test(file) && !LEFT_OUT.test(file)),
  )
}

describe("nothing outside a system's folder decides by", () => {
  it.each(RULES)("$what", ({ shape, left }) => {
    const found = sources().filter((file) => shape.test(readFileSync(path.join(root, file), "utf8")))
    expect(found.toSorted()).toEqual(Object.keys(left).toSorted())
  })

  it.each([
    'if (group.type === "share") return',
    'const WRITABLE = ["classic", "consumer"]',
    'entry.source === "topic"',
    'settingOf(subject, "cleanup.policy")',
    'if (group.state === "empty") return 0',
    "one.isr.length < one.replicas.length",
    "partition.lastStableOffset ?? end",
  ])("would find %s", (line) => {
    expect(RULES.some(({ shape }) => shape.test(line))).toBe(true)
  })
})
