import type { AttributeScope, Field, Intrinsic } from "./ast.ts"
import { syntax, unquoted } from "./tokens.ts"

/** grafana.com/docs/tempo/latest/traceql/construct-traceql-queries: with a colon since Tempo 2.5, without before. */
const NAMES: Readonly<Record<string, Intrinsic>> = {
  name: "name",
  "span:name": "name",
  status: "status",
  "span:status": "status",
  statusMessage: "statusMessage",
  "span:statusMessage": "statusMessage",
  kind: "kind",
  "span:kind": "kind",
  duration: "duration",
  "span:duration": "duration",
  "span:id": "spanId",
  "span:parentID": "parentId",
  "trace:id": "traceId",
  nestedSetParent: "nestedSetParent",
  "event:name": "eventName",
  "link:traceID": "linkTraceId",
  "link:spanID": "linkSpanId",
  "instrumentation:name": "scopeName",
  "instrumentation:version": "scopeVersion",
}

/** TraceQL has them, Signalbox does not: they need the whole trace. */
const OF_TRACES = [
  "rootName",
  "rootServiceName",
  "traceDuration",
  "trace:rootName",
  "trace:rootService",
  "trace:duration",
  "childCount",
  "span:childCount",
  "nestedSetLeft",
  "nestedSetRight",
  "event:timeSinceStart",
]

const SCOPES: readonly AttributeScope[] = ["span", "resource", "event", "link", "instrumentation"]

/** What a word of a query names. Throws a DomainError for what is no field. */
export function fieldOf(word: string, at: number): Field {
  const intrinsic = Object.hasOwn(NAMES, word) ? NAMES[word] : undefined
  if (intrinsic) return { of: "intrinsic", name: intrinsic }
  if (OF_TRACES.includes(word))
    throw syntax(at, `${word} is not supported: conditions are on single spans, not on whole traces`)
  const dot = word.indexOf(".")
  const scope = word.slice(0, Math.max(0, dot))
  if (dot === 0) return attribute("any", word.slice(1), at)
  const known = SCOPES.find((one) => one === scope)
  if (known) return attribute(known, word.slice(dot + 1), at)
  const hint =
    dot > 0 ? `write span.${word}, resource.${word} or .${word}` : `write .${word} for an attribute`
  throw syntax(at, `"${word}" is no field; ${hint}`)
}

function attribute(scope: AttributeScope, key: string, at: number): Field {
  const name = key.replaceAll(/"(?:[^"\\]|\\.)*"/g, (part) => unquoted(part, at))
  if (name === "") throw syntax(at, "an attribute's name is missing")
  return { of: "attribute", scope, key: name }
}
