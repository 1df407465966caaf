import { callTRPCProcedure, type TRPCError } from "@trpc/server"
import { afterAll, beforeAll, expect, inject, it } from "vitest"
import { syncFileClusters } from "#server/clusters/targets.ts"
import { appRouter } from "#server/trpc/router.ts"
import { webWorld } from "#test/access/world.ts"
import { allProcedures, type Known } from "./procedures.ts"

let world: Awaited<ReturnType<typeof webWorld>>
beforeAll(async () => {
  world = await webWorld()
  const connection = { bootstrap: inject("kafkaBootstrap").join(",") }
  const cluster = { name: "shop", slug: "shop", system: "kafka", intervalMs: 10_000, connection }
  const { id, email, role } = ACTOR
  await world.web.store.prisma.user.create({ data: { id, email, role, name: "Ann" } })
  await syncFileClusters(world.web.store, world.web.vault, [cluster])
})
afterAll(() => world[Symbol.asyncDispose]())

const TEXTS = ["", "\0", "a\0b", "\ud800", "😀".slice(0, 1), "x".repeat(40_000), "%", "'; drop table x", ".."]
const NUMBERS = [-1, 0, 0.5, 2 ** 31, 2 ** 53, 1.7e18, -1.7e18, 1e300]

/** One value of every name that inputs have, all odd in the same way; the cluster is one that exists. */
function inputsOf(text: string, number: number): object[] {
  const position = { partition: number, offset: text }
  const rest = {
    ...{
      group: text,
      destination: text,
      name: text,
      q: text,
      id: text,
      plan: text,
      confirm: text,
      uid: text,
    },
    ...{ letter: text, pattern: text, reason: text, path: text, comment: text, assignee: text, system: text },
    ...{
      email: `${text}@example.org`,
      role: "viewer",
      clusters: [],
      days: number,
      who: text,
      what: text,
      token: text,
    },
    ...{ partition: number, offset: text, page: number, pageSize: number, points: number, total: number },
    ...{ from: number, to: number, limit: number, forMs: number, partitions: [number], upTo: text },
    ...{ start: { at: "time", time: number }, choice: { from: number, to: number, partition: number } },
    ...{ strategy: { kind: "time", at: number }, scope: [{ destination: text, partitions: [number] }] },
    ...{ question: { match: { kind: "contains", text }, from: { at: "oldest" }, to: number, limit: number } },
    ...{
      of: { kind: "some", positions: [position] },
      messages: [{ value: text, ...position }],
      key: "hex",
      value: "hex",
    },
    ...{ revision: text || String(number), connection: {}, until: [{ partition: number, before: number }] },
    ...{ part: "value", kind: "path", expression: text, how: "hide", show: "all", create: true },
  }
  return [
    { cluster: "shop", ...rest },
    { cluster: "shop", ...rest, id: number },
    { cluster: "shop", name: "shop", connection: {}, revision: String(number) },
    { cluster: "shop", from: number, to: number, group: text },
    { cluster: "shop", from: number, to: number, name: text },
    { cluster: "shop", page: number, q: text },
    { cluster: "shop", group: text },
    { cluster: "shop", name: text },
    { cluster: "shop", destination: text },
    { cluster: "shop", id: number, ...{ from: number, to: number } },
    { cluster: text, ...rest },
  ]
}

/** These reach out to brokers or take a password's hash each time. */
const SLOW = /^access\.(setup|link|accept)$/

it.each(allProcedures().filter(({ path, type }) => type !== "subscription" && !SLOW.test(path)))(
  "$path answers odd values with an error of the asker, never of its own",
  { timeout: 120_000 },
  async (known) => {
    const values = [...TEXTS.map((text) => [text, 1] as const), ...NUMBERS.map((one) => ["a", one] as const)]
    const judge = async (input: object) => {
      const { code, message } = await answer(known, input)
      expect(code, `${message}: ${JSON.stringify(input).slice(0, 500)}`).not.toMatch(/INTERNAL|UNAVAILABLE/)
    }
    for (const [text, number] of values) {
      const inputs = inputsOf(text, number)
      // Acts one after the other, as some of them change what the next finds.
      if (known.type === "query") await Promise.all(inputs.map(judge))
      else for (const input of inputs) await judge(input)
    }
  },
)

async function answer({ path, type }: Known, input: unknown): Promise<{ code: string; message: string }> {
  const { store, vault, connections, log } = world.web
  const call = callTRPCProcedure({
    router: appRouter,
    ...{ path, type, signal: undefined, batchIndex: 0 },
    getRawInput: async () => input,
    ctx: {
      ...{ web: world.web, store, vault, connections, log, now: Date.now },
      actorNow: async () => ACTOR,
      actor: ACTOR,
    },
  })
  return call.then(
    () => ({ code: "ok", message: "" }),
    ({ code, message }: TRPCError) => ({ code, message }),
  )
}

const ACTOR = { kind: "user", id: "ann", email: "ann@example.org", role: "admin", clusters: {} } as const
