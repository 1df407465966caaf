import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  getFailure,
  listFailures,
  listFailuresInput,
  planReplay,
  planReplayInput,
  startReplay,
  startReplayInput,
} from "#server/failures/index.ts"
import { browse, browseInput } from "#server/messages/browse.ts"
import { exportInput, exportMessages } from "#server/messages/export.ts"
import { CLUSTER, deadLetter, type FailureWorld, failureWorld, shopTopics } from "./world.ts"

const soon = () => AbortSignal.timeout(60_000)

describe("dead letters of a destination whose values are masked", () => {
  let world: FailureWorld
  let group: { cluster: string; id: number }
  const { orders, dead } = shopTopics()
  const open = `${orders}-open`
  const again = `${dead}.DLT`

  beforeAll(async () => {
    world = await failureWorld()
    for (const topic of [orders, dead, again, open]) await world.topic(topic)
    await world.send(
      [0, 1].map((i) => deadLetter({ orders, dead, amount: "12,50", partition: i, offset: 0n })),
    )
    await world.send([deadLetter({ orders: dead, dead: again, amount: "12,50", partition: 0, offset: 0n })])
    await world.index()
    const { rows } = await listFailures(world.ctx, listFailuresInput.parse({ search: orders }))
    group = { cluster: CLUSTER, id: rows.find((row) => row.destination === orders)?.id ?? 0 }
    // For where they came from, not for where they lie.
    const rule = { destination: orders, part: "value", how: "hide" }
    for (const expression of ["$.amount", "$.orderId"])
      await world.store.prisma.maskingRule.create({ data: { ...rule, kind: "path", expression } })
  })
  afterAll(() => world[Symbol.asyncDispose]())

  it("are masked where they lie too, in the list and in files", async () => {
    const place = { cluster: CLUSTER, destination: dead }
    const page = await browse(world.ctx, browseInput.parse({ ...place, start: { at: "oldest" } }), soon())
    expect(page.rows).toHaveLength(2)
    expect(JSON.stringify(page.rows.map((row) => row.value))).not.toMatch(/12,50|"o-1/)
    const of = { kind: "range", start: { at: "oldest" } }
    for await (const line of exportMessages(world.ctx, exportInput.parse({ ...place, of }), soon()))
      expect(JSON.stringify(JSON.parse(line).value)).not.toMatch(/12,50|"o-1/)
  })

  it("are masked where dead letters of dead letters lie", async () => {
    const place = { cluster: CLUSTER, destination: again }
    const page = await browse(world.ctx, browseInput.parse({ ...place, start: { at: "oldest" } }), soon())
    expect(page.rows).toHaveLength(1)
    expect(JSON.stringify(page.rows.map((row) => row.value))).not.toMatch(/12,50|"o-1/)
  })

  it("have no sentence, and are not found by it", async () => {
    const list = async (search: string) =>
      (await listFailures(world.ctx, listFailuresInput.parse({ search }))).rows
    expect(await list("input string")).toEqual([])
    const row = (await list(orders)).find((one) => one.destination === orders)
    expect(row?.message).toBe("Hidden by a masking rule")
    expect(row?.type).toBe("NumberFormatException")
    const detail = await getFailure(world.ctx, group)
    expect(JSON.stringify([detail.message, detail.exampleMessage, detail.exampleStack])).not.toMatch(
      /input string|12,50/,
    )
    expect(detail.exampleStack).toContain("at ")
  })

  it("are not sent to where nothing hides the same, unless the sender has unmasked them now", async () => {
    const order = { target: open }
    const start = async () => {
      const { upTo } = await planReplay(world.ctx, planReplayInput.parse({ ...group, order }))
      return startReplay(world.ctx, startReplayInput.parse({ ...group, order, upTo }))
    }
    await expect(start()).rejects.toThrow(`unmask ${dead} first`)
    const data = { destination: open, part: "value", kind: "path", how: "hide" }
    for (const expression of ["$.amount", "$.orderId"])
      await world.store.prisma.maskingRule.create({ data: { ...data, expression } })
    await start()
  })

  it("do not answer guesses at what is hidden, nor let it be changed", async () => {
    const order = (path: string[], find: string) => ({
      mend: { changes: [{ op: "replace", path, find, with: "" }] },
    })
    for (const find of ["12", "99"]) {
      const input = { ...group, order: order(["amount"], find) }
      const why = "amount is masked for you"
      await expect(planReplay(world.ctx, planReplayInput.parse(input))).rejects.toThrow(why)
      const start = startReplayInput.parse({ ...input, upTo: "999999" })
      await expect(startReplay(world.ctx, start)).rejects.toThrow(why)
    }
    // A pattern may be decided by any field.
    const rule = { destination: orders, part: "value", how: "hide", kind: "pattern", expression: "\\d{16}" }
    const input = planReplayInput.parse({ ...group, order: order(["currency"], "E") })
    await planReplay(world.ctx, input)
    await world.store.prisma.maskingRule.create({ data: rule })
    await expect(planReplay(world.ctx, input)).rejects.toThrow("currency is masked for you")
  })

  it("show no words of their exceptions in headers", async () => {
    const place = { cluster: CLUSTER, destination: dead }
    const page = await browse(world.ctx, browseInput.parse({ ...place, start: { at: "oldest" } }), soon())
    const headers = JSON.stringify(page.rows.map((row) => row.headers))
    expect(headers).toContain("java.lang.NumberFormatException")
    expect(headers).not.toMatch(/input string|12,50|\\tat /)
  })
})
