import { glob, readFile } from "node:fs/promises"
import path from "node:path"
import { parseSync } from "oxc-parser"
import { expect, it } from "vitest"
import { z } from "zod"
import { root } from "./imports.ts"

/** What opens a connection, by the module that has it; "*": all of it. */
const CONNECTS: Readonly<Record<string, readonly string[]>> = {
  http: ["request", "get", "Agent", "ClientRequest", "default", "*"],
  https: ["request", "get", "Agent", "default", "*"],
  http2: ["connect", "default", "*"],
  net: ["connect", "createConnection", "Socket", "default", "*"],
  tls: ["connect", "TLSSocket", "default", "*"],
  dgram: ["createSocket", "default", "*"],
}
const CLIENTS = /^(undici|axios|got|ky|ofetch|node-fetch|ws|nodemailer|@better-fetch\/fetch)($|\/)/
const GLOBALS = ["fetch", "WebSocket", "EventSource", "XMLHttpRequest"]
const NAMES_GLOBAL = new RegExp(`\\b(${GLOBALS.join("|")})\\b`)

/** Who connects by other means than server/outbound, and why that is right. */
const KNOWN: Readonly<Record<string, string>> = {
  "server/brokers/kafka/probe-network.ts": "Kafka's protocol, to brokers",
  "server/brokers/kafka/probe-tls.ts": "Kafka's protocol, to brokers",
  "server/alerts/channels/email/smtp.ts": "SMTP, over a connection that server/outbound opened",
}

it("only server/outbound asks other systems over HTTP", async () => {
  const found: string[] = []
  for (const pattern of ["server/**/*.ts", "app/**/route.ts", "app/trpc/server.tsx", "proxy.ts"])
    for await (const file of glob(pattern, { cwd: root }))
      if (!/^server\/(outbound|store\/prisma)\//.test(file) && (await connects(file))) found.push(file)
  expect(found.toSorted()).toEqual(Object.keys(KNOWN).toSorted())
})

it.each([
  ['import { request } from "node:http"', true],
  ['import https from "https"', true],
  ['import * as net from "node:net"', true],
  ['import { type Socket, isIP } from "node:net"', false],
  ['import { createServer } from "node:http"', false],
  ['const { request } = await import("node:https")', true],
  ['import axios from "axios"', true],
  ["const ask = () => fetch(url)", true],
  ["await globalThis.fetch(url)", true],
  ["const ask = fetch", true],
  ["await leader.fetch(offset)", false],
  ["interface Leader { fetch(from: bigint): void }", false],
])("sees in %j whether it connects: %s", (source, expected) => {
  expect(connectsIn("example.ts", source)).toBe(expected)
})

async function connects(file: string): Promise<boolean> {
  return connectsIn(file, await readFile(path.join(root, file), "utf8"))
}

function connectsIn(file: string, source: string): boolean {
  const parsed = parseSync(file, source)
  const { module } = parsed
  const imported = module.staticImports.some(({ moduleRequest, entries }) =>
    entries.some(
      ({ isType, importName }) => !isType && isConnecting(moduleRequest.value, importName.name ?? "*"),
    ),
  )
  const dynamic = module.dynamicImports.some(({ moduleRequest: { start, end } }) =>
    isConnecting(source.slice(start, end).replaceAll(/["'`]/g, ""), "*"),
  )
  // Walking a whole file takes long; most name none of them.
  return imported || dynamic || (NAMES_GLOBAL.test(source) && usesGlobal(parsed.program))
}

/** A default import has the name "*" here too: it reaches everything. */
function isConnecting(specifier: string, name: string): boolean {
  if (CLIENTS.test(specifier)) return true
  return CONNECTS[specifier.replace(/^node:/, "")]?.includes(name) ?? false
}

const node = z.looseObject({ type: z.string() })
const identifier = z.object({ type: z.literal("Identifier"), name: z.string() })

/** Whether code reads one of the globals, as itself or of globalThis; a method or field of that name is another's. */
function usesGlobal(tree: unknown): boolean {
  if (Array.isArray(tree)) return tree.some(usesGlobal)
  const parsed = node.safeParse(tree)
  if (!parsed.success) return false
  const one = parsed.data
  const own = identifier.safeParse(one)
  if (own.success) return GLOBALS.includes(own.data.name)
  const skipped = skippedOf(one)
  return Object.entries(one).some(([name, value]) => !skipped.includes(name) && usesGlobal(value))
}

/** Fields of a node that hold a name, not a use of it. */
function skippedOf(one: z.output<typeof node>): string[] {
  switch (one.type) {
    case "MemberExpression": {
      const of = identifier.safeParse(one.object)
      const global = of.success && /^(globalThis|global|window|self)$/.test(of.data.name)
      return one.computed === true || global ? [] : ["property"]
    }
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
    case "TSMethodSignature":
    case "TSPropertySignature":
    case "TSAbstractMethodDefinition":
      return one.computed === true ? [] : ["key"]
    default:
      return []
  }
}
