import { mutateBytes } from "../mutate.ts"
import type { Dice } from "./dice.ts"
import type { RawRequest } from "./raw.ts"

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND", "TRACE"]
const SEGMENTS = [
  ...[
    "",
    ".",
    "..",
    "%2e%2e",
    "..%2f",
    "%2F",
    "%5c",
    "\\",
    "%00",
    "%",
    "%zz",
    "%E0%A4%A",
    "%C0%AF",
    "%F0%9F%98%80",
  ],
  ...[
    "%ED%A0%80",
    "%0d%0aset-cookie:a=b",
    "~",
    ";a=b",
    "__proto__",
    "constructor",
    "[trpc]",
    "@",
    "%25252e",
    "\u00ff",
  ],
  ...["a".repeat(5000), "_next", "api", "[[...x]]", "*", "{}", "<script>", "'"],
]
const QUERIES = [
  ...[
    "",
    "&",
    "=",
    "batch=1",
    "batch=",
    "input=",
    "input=%7B",
    "input=null",
    "input[]=1&input[]=2",
    "__proto__[a]=1",
  ],
  ...["input=%ED%A0%80", "%", "%zz=%zz", "a=%E0%A4%A", "_rsc=1", `q=${"x".repeat(8000)}`, "a=1".repeat(2000)],
  ...[
    `input=${"%5B".repeat(2000)}`,
    "input=%221%22&batch=1",
    "connectionParams=1",
    "lastEventId=x",
    "transformer=x",
  ],
]
const TYPES = [
  ...[
    "",
    "text/plain",
    "application/json; charset=utf-16",
    "multipart/form-data",
    "application/octet-stream",
  ],
  ...[
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "application/json, text/html",
    "/",
    "x",
  ],
]
/** Names and values that servers, frameworks and proxies act upon. */
const HEADERS: readonly (readonly [string, string])[] = [
  ...(["x".repeat(9000), "", ";;;=", "signalbox.session_token=%00", "a=b; a=b"] as const).map(
    (value) => ["cookie", value] as const,
  ),
  ...(
    [
      "Bearer",
      "Bearer sbx_made-up",
      "Basic Og==",
      "Bearer \u00ff\u00fe",
      `Bearer ${"x".repeat(5000)}`,
    ] as const
  ).map((value) => ["authorization", value] as const),
  ...(["", "null", "http://evil.example", "\u00ff"] as const).map((value) => ["origin", value] as const),
  ["host", "evil.example"],
  ["host", ""],
  ["x-forwarded-host", "a b"],
  ["x-forwarded-proto", "https,http"],
  ["x-forwarded-for", "1.2.3.4, ::1, x"],
  ["rsc", "1"],
  ["next-action", "0123456789abcdef0123456789abcdef01234567"],
  ["next-router-state-tree", "%5B%22"],
  ["next-router-prefetch", "1"],
  ["x-middleware-subrequest", "proxy:proxy:proxy"],
  ["x-http-method-override", "DELETE"],
  ["trpc-accept", "application/jsonl"],
  ["accept", "text/event-stream"],
  ["accept", "text/x-component"],
  ["last-event-id", "\u00ff"],
  ["content-encoding", "gzip"],
  ["expect", "100-continue"],
  ["range", "bytes=5-1"],
  ["if-none-match", "*"],
  ["accept-language", "-;q=x"],
  ["sec-fetch-site", "cross-site"],
  ["upgrade", "websocket"],
  ["connection", "upgrade"],
]
const BODIES: readonly (() => Buffer)[] = [
  () => Buffer.alloc(0),
  () => Buffer.from("{"),
  () => Buffer.from("null"),
  () => Buffer.from('"\\ud800\\u0000"'),
  () => Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]),
  () => Buffer.from("7b00", "hex"),
  () => Buffer.from("[".repeat(100_000)),
  () => Buffer.from('{"a":'.repeat(50_000)),
  () => Buffer.from(`{"0":{"cluster":"shop","__proto__":{"a":1}},"1e3":{},"-1":{},"":{}}`),
  () => Buffer.from(`[${"{},".repeat(20_000)}{}]`),
  () => Buffer.alloc(900_000, "9"),
  () => Buffer.alloc((1 << 20) + 1, "x"),
  () => Buffer.from('--x\r\ncontent-disposition: form-data; name="ask"\r\n\r\n{}\r\n--x--\r\n'),
]

/** The request with one to three things changed, each anywhere. */
export function mutateRequest(asked: RawRequest, dice: Dice): RawRequest {
  let changed = asked
  for (let left = 1 + dice.below(3); left > 0; left--) changed = change(changed, dice)
  return { ...changed, path: sendable(changed.path) }
}

function change(asked: RawRequest, dice: Dice): RawRequest {
  const [address = "", query] = split(asked.path)
  switch (dice.below(9)) {
    case 0:
      return { ...asked, method: dice.pick(METHODS) }
    case 1:
      return { ...asked, path: join(changeSegments(address, dice), query) }
    case 2:
      return {
        ...asked,
        path: join(address, dice.pick([null, dice.pick(QUERIES), `${query ?? ""}&${dice.pick(QUERIES)}`])),
      }
    case 3:
      return { ...asked, path: mutated(Buffer.from(asked.path), dice).toString("latin1") }
    case 4:
      return { ...asked, headers: { ...asked.headers, "content-type": dice.pick(TYPES) } }
    case 5:
    case 6:
      return { ...asked, headers: { ...asked.headers, ...Object.fromEntries([dice.pick(HEADERS)]) } }
    case 7:
      return { ...asked, body: dice.pick(BODIES)() }
    default:
      return asked.body
        ? { ...asked, body: mutated(asked.body, dice) }
        : { ...asked, body: dice.pick(BODIES)() }
  }
}

function split(path: string): [address: string, query: string | null] {
  const at = path.indexOf("?")
  return at < 0 ? [path, null] : [path.slice(0, at), path.slice(at + 1)]
}

function join(address: string, query: string | null): string {
  return query === null ? address : `${address}?${query}`
}

function changeSegments(address: string, dice: Dice): string {
  const parts = address.split("/")
  const at = 1 + dice.below(parts.length)
  parts.splice(at, dice.below(2), dice.pick(SEGMENTS))
  return parts.join("/")
}

function mutated(bytes: Buffer, dice: Dice): Buffer {
  return mutateBytes(bytes, {
    below: (limit) => dice.below(limit),
    other: () => Buffer.from("%u{}[]\"',:\\\0\u2028"),
  })
}

/** Node sends no line breaks, blanks and letters beyond Latin-1 in a path; those are encoded. */
function sendable(path: string): string {
  const safe = path.replaceAll(/[^\u0021-\u00ff]/g, (char) => encodeURIComponent(char.toWellFormed()))
  return safe.startsWith("/") ? safe : `/${safe}`
}
