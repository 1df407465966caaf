/** Where an attribute is looked for; `any`: written as `.key`, in the span and its resource. */
export type AttributeScope = "any" | "span" | "resource" | "event" | "link" | "instrumentation"

export const INTRINSICS = [
  "name",
  "status",
  "statusMessage",
  "kind",
  "duration",
  "traceId",
  "spanId",
  "parentId",
  "nestedSetParent",
  "eventName",
  "linkTraceId",
  "linkSpanId",
  "scopeName",
  "scopeVersion",
] as const
export type Intrinsic = (typeof INTRINSICS)[number]

export type Field =
  | { of: "attribute"; scope: AttributeScope; key: string }
  | { of: "intrinsic"; name: Intrinsic }

export type Operator = "=" | "!=" | ">" | ">=" | "<" | "<=" | "=~" | "!~"

/** A duration is in ns. `nil` stands for an attribute that is not there. */
export type Literal =
  | { type: "text"; value: string }
  | { type: "number"; value: number }
  | { type: "boolean"; value: boolean }
  | { type: "duration"; value: number }
  | { type: "nil" }

/** What must hold of a span. `all` without parts holds of every span. */
export type Condition =
  | { is: "all" | "any"; parts: readonly Condition[] }
  | { is: "not"; part: Condition }
  | { is: "compare"; field: Field; operator: Operator; literal: Literal }
