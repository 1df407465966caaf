import {
  IconArrowsExchange,
  IconCode,
  IconDatabase,
  IconMailForward,
  IconMailOpened,
  IconWorld,
} from "@tabler/icons-react"
import { isReceiving, isSending } from "#server/traces/analysis/timed-span.ts"
import type { SpanView } from "#server/traces/index.ts"
import { CLIENT, isIncoming, KINDS } from "#server/traces/kinds.ts"

const SHAPES = {
  rpc: { Icon: IconArrowsExchange, what: "call" },
  http: { Icon: IconWorld, what: "HTTP request" },
  send: { Icon: IconMailForward, what: "sends a message" },
  receive: { Icon: IconMailOpened, what: "receives a message" },
  query: { Icon: IconDatabase, what: "database query" },
  inner: { Icon: IconCode, what: "work within the service" },
} as const
type SpanShape = keyof typeof SHAPES

const DATABASES =
  /sql|mongo|redis|cassandra|oracle|db2|mariadb|elasticsearch|clickhouse|dynamodb|memcached|sqlite/

/** What a span does, as its icon and the shape of its bar say it. */
export function shapeOf(span: SpanView): SpanShape {
  if (isSending(span)) return "send"
  if (isReceiving(span)) return "receive"
  if (span.kind !== CLIENT && !isIncoming(span)) return "inner"
  if (span.system === "http") return "http"
  return DATABASES.test(span.system) ? "query" : "rpc"
}

/** What a span does, in words. */
export function whatOf(span: SpanView): string {
  const { what } = SHAPES[shapeOf(span)]
  const system = span.system === "" || span.system === "http" ? "" : `${span.system} `
  return `${system}${what}, ${KINDS[span.kind] ?? "unspecified"}`
}

export function ShapeOf({ span }: { span: SpanView }) {
  const { Icon } = SHAPES[shapeOf(span)]
  return (
    <span className="span-icon" title={whatOf(span)}>
      <Icon size={14} aria-hidden="true" />
    </span>
  )
}
