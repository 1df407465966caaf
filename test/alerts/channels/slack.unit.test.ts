import { expect, it } from "vitest"
import { z } from "zod"
import { slack } from "#server/alerts/channels/slack/index.ts"
import { readJson, testChannel } from "./contract.ts"
import { SAMPLES, sampleAlert, sampleNotification } from "./samples.ts"
import { type Answered, type Asked, startService } from "./service.ts"

const PATH = "/services/T00000000/B00000000/XXXXsecretXXXX"

// docs.slack.dev/reference/block-kit
const plain = (max: number) =>
  z.strictObject({
    type: z.literal("plain_text"),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  })
/** A "<" begins a link, a date or a mention; only links and dates are wanted. */
const MARKED = /<(?!https?:\/\/[^|>\s]+\|[^<>]+>|!date\^\d+\^[^|>]+\|[^<>]+>)/
const mrkdwn = z.strictObject({
  type: z.literal("mrkdwn"),
  text: z
    .string()
    .min(1)
    .max(3000)
    .refine((text) => !MARKED.test(text), "a mention, or half a link")
    .refine((text) => !/&(?!amp;|lt;|gt;)/.test(text), "a bare &"),
  verbatim: z.boolean().optional(),
})
const block = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("header"), text: plain(150) }),
  z.strictObject({ type: z.literal("section"), text: mrkdwn }),
  z.strictObject({ type: z.literal("context"), elements: z.array(mrkdwn).min(1).max(10) }),
])
const message = z.strictObject({
  text: z.string().min(1).max(40_000),
  attachments: z
    .array(
      z.strictObject({ color: z.string().regex(/^#[0-9a-f]{6}$/), blocks: z.array(block).min(1).max(50) }),
    )
    .max(20),
})

function accept(asked: Asked): Answered {
  if (asked.url.pathname !== PATH) return { status: 404, body: "no_service" }
  const parsed = message.safeParse(readJson(asked))
  return parsed.success ? { status: 200, body: "ok" } : { status: 400, body: "invalid_blocks" }
}

testChannel({
  kind: "slack",
  settings: (url) => ({ url: `${url}${PATH}` }),
  wrong: (url) => ({ url: `${url}/services/T00000000/B00000000/other` }),
  secrets: [PATH, "XXXXsecretXXXX"],
  accept,
  limited: {
    answer: { status: 429, body: "rate_limited", headers: { "retry-after": "30" } },
    retryAfterMs: 30_000,
  },
  refused: { status: 400, body: "invalid_payload" },
})

it("shows the sentence, what to do and the way there", async () => {
  await using service = await startService(accept)
  await slack.send({ url: `${service.url}${PATH}`, template: "" }, sampleNotification())
  expect(JSON.parse(service.asked[0]?.body ?? "")).toEqual({
    text: "Firing: billing is stopped with 12,034 messages unread.",
    attachments: [
      {
        color: "#d03b3b",
        blocks: [
          {
            type: "header",
            text: { type: "plain_text", text: "Firing: billing is stopped with 12,034 messages unread." },
          },
          {
            type: "section",
            text: {
              type: "mrkdwn",
              text: [
                "*Critical*: billing is stopped with 12,034 messages unread.",
                "Start its consumers.",
                "<https://signalbox.example.com/alerts/7|Open>",
                "<https://runbooks.example.com/stopped?a=1&amp;b=2|Runbook>",
              ].join("\n"),
              verbatim: true,
            },
          },
          {
            type: "context",
            elements: [
              {
                type: "mrkdwn",
                text: "cluster: eu · group: billing · owner: team billing · since <!date^1795687080^{date_short_pretty} {time}|2026-11-26T09:58:00.000Z>",
                verbatim: true,
              },
            ],
          },
          {
            type: "section",
            text: {
              type: "mrkdwn",
              text: "<https://signalbox.example.com/alerts|Open Signalbox>",
              verbatim: true,
            },
          },
        ],
      },
    ],
  })
})

it("says how many alerts found no place, and who acknowledged one", async () => {
  await using service = await startService(accept)
  const settings = { url: `${service.url}${PATH}`, template: "" }
  await slack.send(settings, SAMPLES["fifty hostile alerts"] ?? sampleNotification())
  expect(service.asked[0]?.body).toContain("and 280 more alerts")
  const alerts = [sampleAlert({ event: "acknowledged", acknowledgedBy: "ada" })]
  await slack.send(settings, sampleNotification({ alerts }))
  expect(service.asked[1]?.body).toContain("*Acknowledged by ada*: billing")
})
