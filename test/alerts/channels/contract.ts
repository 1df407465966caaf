import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { DeliveryError } from "#server/alerts/channels/channel.ts"
import { findChannel } from "#server/alerts/channels/index.ts"
import type { Notification } from "#server/alerts/channels/notification.ts"
import { SAMPLES } from "./samples.ts"
import { type Answered, type Asked, type Service, startService } from "./service.ts"

interface Tested {
  kind: string
  /** The settings of somebody who may deliver at this address. */
  settings: (url: string) => Record<string, unknown>
  /** Those of somebody whose key is wrong; null: the address itself is the key, and `settings` of another path stand here. */
  wrong: (url: string) => Record<string, unknown>
  /** What must not be seen by whoever reads an error. */
  secrets: readonly string[]
  /** The service's side of the protocol, as strict as the service. */
  accept: (asked: Asked) => Answered
  /** How it says that it was asked too often, and how long it then wants to be left alone. */
  limited: { answer: Answered; retryAfterMs: number | null }
  /** How it says that a message is never taken. */
  refused: Answered
  /** How it says that it cannot now; 503 by default. */
  busy?: Answered
  /** By the name of the field; null: the channel has none. */
  template?: null
}

/** What every channel over HTTP promises; the tests of what is its own stand after it, in its file. */
export function testChannel(tested: Tested): void {
  const channel = findChannel(tested.kind)
  if (!channel) throw new Error(`There is no channel ${tested.kind}.`)
  let service: Service
  beforeEach(async () => {
    service = await startService(tested.accept)
  })
  afterEach(() => service[Symbol.asyncDispose]())

  const sendAs = (settings: Record<string, unknown>, notification: Notification) =>
    channel.send(channel.settings.parse(settings), notification)
  const send = (notification: Notification, over: Record<string, unknown> = {}) =>
    sendAs({ ...tested.settings(service.url), ...over }, notification)
  const failureOf = async (sent: Promise<unknown>) => {
    const error = await sent.then(
      () => null,
      (cause: unknown) => cause,
    )
    if (error instanceof DeliveryError) return error
    throw new Error("It was delivered, or failed as something else.", { cause: error })
  }
  const sample = SAMPLES.fired
  if (!sample) throw new Error("A sample is missing.")

  describe(`${channel.label}: takes`, () => {
    it.each(Object.keys(SAMPLES))("%s", async (name) => {
      const notification = SAMPLES[name] ?? sample
      const { answer } = await send(notification)
      expect(answer).toMatch(/^20\d/)
      expect(service.asked.length).toBeGreaterThan(0)
    })
  })

  it("describes every setting in its form", () => {
    const names = channel.fields.map((field) => field.name)
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted())
    const settings = tested.settings("http://127.0.0.1:1")
    expect(Object.keys(settings).filter((name) => !names.includes(name))).toEqual([])
    const shownOpenly = channel.fields.filter(({ kind }) => !kind.startsWith("secret"))
    for (const { name } of shownOpenly) expect(tested.secrets).not.toContain(settings[name])
    for (const field of channel.fields) expect(field.help).toMatch(/\.$/)
  })

  it("gives up on a wrong key, and does not name it", async () => {
    const error = await failureOf(sendAs(tested.wrong(service.url), sample))
    expect(error.retry).toBe(false)
  })

  it("waits when it is asked to", async () => {
    service.answer(tested.limited.answer)
    const error = await failureOf(send(sample))
    expect(error).toMatchObject({ retry: true, retryAfterMs: tested.limited.retryAfterMs })
  })

  it("tries again what the service cannot take now, and what finds nobody", async () => {
    service.answer(tested.busy ?? { status: 503, body: "no upstream" })
    expect((await failureOf(send(sample))).retry).toBe(true)
    const gone = tested.settings(service.url)
    await service[Symbol.asyncDispose]()
    expect((await failureOf(sendAs(gone, sample))).retry).toBe(true)
  })

  it("gives up what the service refuses", async () => {
    service.answer(tested.refused)
    expect((await failureOf(send(sample))).retry).toBe(false)
  })

  it("follows no redirect", async () => {
    service.answer({ status: 307, body: "", headers: { location: "/elsewhere" } })
    expect((await failureOf(send(sample))).retry).toBe(false)
    expect(service.asked).toHaveLength(1)
  })

  it("hides its secrets when an answer quotes them", async () => {
    const quoted = [...tested.secrets, ...tested.secrets.map(encodeURIComponent)].join(" ")
    for (const status of [400, 503]) {
      service.answer({ status, body: `cannot read ${quoted}` })
      const { message } = await failureOf(send(sample))
      for (const secret of tested.secrets) expect(message).not.toContain(secret)
    }
  })

  it("refuses an address that is none", () => {
    const settings = tested.settings("ftp://127.0.0.1")
    expect(channel.settings.safeParse(settings).success).toBe(false)
  })

  if (tested.template === null) return
  it("writes by a template, and refuses one that cannot be read", async () => {
    const template = "{{ alerts[0].labels.group | upcase }} is in trouble"
    await send(sample, { template })
    const sent = service.asked.map(({ body }) => JSON.stringify(JSON.parse(body))).join()
    expect(sent).toContain("BILLING is in trouble")
    await send(sample, { template: "{% if false %}never{% endif %}" })
    const settings = { ...tested.settings(service.url), template: "{{ alerts" }
    expect(channel.settings.safeParse(settings).success).toBe(false)
  })
}

/** What is wrong with a body, as a service's own answer would say; null: nothing. */
export function readJson(asked: Asked): unknown {
  if (asked.method !== "POST") throw new Error(`${asked.method} instead of POST`)
  if (!/^application\/json/.test(asked.headers["content-type"] ?? "")) throw new Error("no JSON by its type")
  return JSON.parse(asked.body)
}
