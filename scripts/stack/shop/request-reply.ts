import { randomUUID } from "node:crypto"
import { type Context, SpanKind, type Tracer } from "@opentelemetry/api"
import { kafkaJs, subscribe } from "./consume.ts"
import { sending } from "./kafka-spans.ts"
import type { Service, ShopContext } from "./shop-context.ts"
import { headersIn, inSpan } from "./spans.ts"

const TIMEOUT_MS = 5000

interface Between {
  service: string
  tracer: Tracer
  requests: string
  replies: string
}

export interface Requester<Request, Reply> extends AsyncDisposable {
  /** Rejects when no reply has come in time. */
  ask(request: Request, at: Context): Promise<Reply>
}

/** Calls over a pair of topics: each request has a correlation id and says where the reply is to go. */
export async function requester<Request extends object, Reply>(
  shop: ShopContext,
  { service, tracer, requests, replies }: Between,
): Promise<Requester<Request, Reply>> {
  const waiting = new Map<string, (reply: Reply) => void>()
  const producer = kafkaJs(shop, service).producer({ allowAutoTopicCreation: false })
  await producer.connect()
  const reader = await subscribe<Reply>(shop, {
    group: `${service}-replies`,
    topics: [replies],
    tracer: () => tracer,
    isPrompt: true,
    handle: ({ message, value }) => waiting.get(String(message.headers?.["correlation-id"]))?.(value),
  })
  return {
    ask: (request, parent) => {
      const correlation = randomUUID()
      const of = sending({ topic: requests, client: service, key: correlation, correlation })
      return inSpan(tracer, { name: `ask ${requests}`, kind: SpanKind.INTERNAL, parent }, async (within) => {
        const reply = new Promise<Reply>((resolve, reject) => {
          waiting.set(correlation, resolve)
          setTimeout(() => reject(new Error(`no reply to ${correlation} in time`)), TIMEOUT_MS).unref()
        })
        // It may be rejected while the request is still being sent.
        reply.catch(() => undefined)
        try {
          await inSpan(tracer, { ...of, parent: within }, async (at) => {
            const headers = { ...headersIn(at), "correlation-id": correlation, "reply-to": replies }
            const message = { key: correlation, value: JSON.stringify(request), headers }
            await producer.send({ topic: requests, messages: [message] })
          })
          return await reply
        } finally {
          waiting.delete(correlation)
        }
      })
    },
    [Symbol.asyncDispose]: async () => {
      await reader[Symbol.asyncDispose]()
      await producer.disconnect()
    },
  }
}

/** The other side: answers each request where its sender wants the reply. */
export async function replier<Request, Reply extends object>(
  shop: ShopContext,
  { service, tracer, requests }: Omit<Between, "replies">,
  answer: (request: Request) => Reply,
): Promise<Service> {
  const producer = kafkaJs(shop, service).producer({ allowAutoTopicCreation: false })
  await producer.connect()
  const reader = await subscribe<Request>(shop, {
    group: service,
    topics: [requests],
    tracer: () => tracer,
    isPrompt: true,
    handle: async ({ message, value, at: parent }) => {
      const correlation = String(message.headers?.["correlation-id"])
      const topic = String(message.headers?.["reply-to"])
      const of = sending({ topic, client: service, key: correlation, correlation })
      await inSpan(tracer, { ...of, parent }, async (at) => {
        const headers = { ...headersIn(at), "correlation-id": correlation }
        const reply = { key: correlation, value: JSON.stringify(answer(value)), headers }
        await producer.send({ topic, messages: [reply] })
      })
    },
  })
  return {
    [Symbol.asyncDispose]: async () => {
      await reader[Symbol.asyncDispose]()
      await producer.disconnect()
    },
  }
}
