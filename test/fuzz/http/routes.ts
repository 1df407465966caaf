import type { AnyTRPCProcedure } from "@trpc/server"
import { z } from "zod"
import { appRouter } from "#server/trpc/router.ts"
import type { Dice } from "./dice.ts"
import type { InputMaker } from "./input.ts"

/** A request before it is mutated and signed. */
export interface Sample {
  method: string
  /** Path, with its query unless `input` makes one. */
  path: string
  body?: { type: string; text: string }
  /** That it ends the session of whoever sends it. */
  signsOut?: boolean
}

export interface Making {
  dice: Dice
  inputs: InputMaker
  /** How often a value of an input is odd, 0 to 1. */
  oddity: number
  /** What stands for `[name]` in the path of a page, by that name. */
  segments: Readonly<Record<string, string>>
}

/** One address that is served: what asks it. */
export interface Route {
  name: string
  make(making: Making): Sample
}

const FORM = "application/x-www-form-urlencoded"
const JSON_TYPE = "application/json"
const noInput = z.object({})

interface Served {
  path: string
  type: "query" | "mutation" | "subscription"
  input: z.ZodType
  /** Where it is in the HTTP API, if it is. */
  api: { method: string; path: string } | null
}

const meta = z.object({ openapi: z.object({ method: z.string(), path: z.string() }).optional() }).optional()

function served(): Served[] {
  const all: object = appRouter._def.procedures
  return Object.entries(all as Record<string, AnyTRPCProcedure>).map(([path, { _def }]) => {
    const [input] = _def.inputs
    return {
      path,
      type: _def.type,
      input: input instanceof z.ZodType ? input : noInput,
      api: meta.parse(_def.meta)?.openapi ?? null,
    }
  })
}

/** Every procedure: as its page calls it, alone or among others. */
function trpc(): Route[] {
  const all = served()
  return all.map((one) => ({
    name: `trpc ${one.path}`,
    make: (making) => {
      const { dice } = making
      if (one.type === "subscription" || !dice.happens(0.1)) return callOf(one, making)
      const others = Array.from({ length: dice.pick([1, 2, 19, 25]) }, () => dice.pick(all))
      const batch = [one, ...others].filter(({ type }) => type === one.type)
      const input = JSON.stringify(Object.fromEntries(batch.map((each, i) => [i, inputOf(each, making)])))
      const path = `/api/trpc/${batch.map(({ path }) => path).join(",")}?batch=1`
      const signsOut = batch.some(ends)
      if (one.type === "query") return { method: "GET", path: `${path}&input=${encodeURIComponent(input)}` }
      return { method: "POST", path, body: { type: JSON_TYPE, text: input }, signsOut }
    },
  }))
}

function callOf(one: Served, making: Making): Sample {
  const text = JSON.stringify(inputOf(one, making))
  const path = `/api/trpc/${one.path}`
  if (one.type === "mutation")
    return { method: "POST", path, body: { type: JSON_TYPE, text }, signsOut: ends(one) }
  return { method: "GET", path: `${path}?input=${encodeURIComponent(text)}` }
}

function ends({ path }: Served): boolean {
  return path === "access.signOutEverywhere"
}

function inputOf({ input }: Served, { inputs, oddity }: Making): unknown {
  return inputs.make(input, oddity)
}

/** The HTTP API: every operation that it describes. */
function api(): Route[] {
  return served().flatMap((one) => {
    const { api } = one
    if (!api) return []
    return {
      name: `api ${api.method} ${api.path}`,
      make: (making: Making) => {
        const input = z.record(z.string(), z.unknown()).catch({}).parse(inputOf(one, making))
        const path = `/api/v1${api.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encoded(input[name]))}`
        if (api.method === "POST")
          return { method: "POST", path, body: { type: JSON_TYPE, text: JSON.stringify(input) } }
        const query = Object.entries(input).map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
        return { method: api.method, path: `${path}?${query.join("&")}` }
      },
    }
  })
}

function encoded(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? null)
  return encodeURIComponent(text.toWellFormed())
}

const json = (value: unknown) => ({ type: JSON_TYPE, text: JSON.stringify(value) })
const get = (path: string): Route[] => [{ name: path, make: () => ({ method: "GET", path }) }]

const SIGN_IN: Route[] = [
  {
    name: "sign in",
    make: () => ({
      method: "POST",
      path: "/api/auth/sign-in/email",
      body: json({ email: "eve@example.org", password: "a made up one" }),
    }),
  },
  {
    name: "sign out",
    make: () => ({ method: "POST", path: "/api/auth/sign-out", body: json({}), signsOut: true }),
  },
  {
    name: "sign in by OIDC",
    make: () => ({
      method: "POST",
      path: "/api/auth/sign-in/social",
      body: json({ provider: "oidc", callbackURL: "/", errorCallbackURL: "/sign-in" }),
    }),
  },
  ...get("/api/auth/callback/oidc?code=made-up&state=made-up"),
  ...get("/api/auth/get-session"),
]

const AUDIT: Route[] = [
  {
    name: "the audit log as a file",
    make: ({ dice }) => {
      const more = dice.pick(["", "&result=ok,refused", "&from=0&to=1e12", "&who=a&cluster=shop"])
      return { method: "GET", path: `/api/audit?format=${dice.pick(["csv", "jsonl", "xml"])}${more}` }
    },
  },
]

const TRACE_FILES: Route[] = [
  {
    name: "a trace as a file",
    make: ({ dice }) => {
      const id = dice.pick(["0".repeat(32), "f".repeat(32), "x", "%00", "..%2f"])
      return { method: "GET", path: `/api/traces/${id}?format=${dice.pick(["otlp", "jaeger", "xml"])}` }
    },
  },
]

/** The input of app/api/messages, as a page writes it. */
function downloadAsk({ dice, segments }: Making): string {
  const of = dice.pick([
    { kind: "range", start: { at: dice.pick(["oldest", "newest"]) } },
    { kind: "one", partition: 0, offset: dice.pick(["0", "99999999999999999999", "-1", "x"]) },
    { kind: "some", positions: [{ partition: dice.pick([0, -1, 2 ** 40]), offset: "0" }] },
    { kind: "search", id: "made-up" },
  ])
  const ask = {
    cluster: segments.cluster,
    destination: segments.topic,
    format: dice.pick(["csv", "jsonl"]),
    of,
  }
  return `ask=${encodeURIComponent(JSON.stringify(ask))}${dice.pick(["", "&value"])}`
}

const DOWNLOADS: Route[] = [
  {
    name: "messages as a file",
    make: (making) => ({ method: "GET", path: `/api/messages?${downloadAsk(making)}` }),
  },
  {
    name: "messages as a file, by a form",
    make: (making) => ({
      method: "POST",
      path: "/api/messages",
      body: { type: FORM, text: downloadAsk(making) },
    }),
  },
]

/** Who asks each route.ts of app/. A new one belongs into this list. */
export const ROUTE_FILES: Readonly<Record<string, () => Route[]>> = {
  "app/api/trpc/[trpc]/route.ts": trpc,
  "app/api/v1/[...path]/route.ts": api,
  "app/api/v1/openapi.json/route.ts": () => get("/api/v1/openapi.json"),
  "app/api/auth/[...all]/route.ts": () => SIGN_IN,
  "app/api/messages/route.ts": () => DOWNLOADS,
  "app/api/audit/route.ts": () => AUDIT,
  "app/api/traces/[id]/route.ts": () => TRACE_FILES,
  "app/metrics/route.ts": () => get("/metrics"),
  "app/readyz/route.ts": () => get("/readyz"),
  "app/healthz/route.ts": () => get("/healthz"),
  "app/docs.json/route.ts": () => get("/docs.json"),
  "app/offline.html/route.ts": () => get("/offline.html"),
  "app/sw.js/route.ts": () => get("/sw.js"),
}

/** The route of a page.tsx: its folder is its address. */
export function pageRoute(file: string): Route {
  const folder = file.replace(/^app/, "").replace(/\/page\.tsx$/, "")
  const address = folder.replaceAll(/\/\([^)]*\)/g, "") || "/"
  return {
    name: `page ${address}`,
    make: ({ segments, dice }) => ({
      method: "GET",
      path:
        address.replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, (_, name: string) => segments[name] ?? "1") +
        dice.pick(["", "?page=2", "?q=%00&sort=x", "?from=NaN&to=-1", "?tab=messages", "?page=99999999999"]),
    }),
  }
}
