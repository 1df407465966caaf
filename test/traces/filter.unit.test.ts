import { describe, expect, it } from "vitest"
import { complete, completionAt, keySearch, ownFields } from "#app/(console)/traces/completion.ts"
import {
  asQuery,
  durationOf,
  type Filter,
  NO_FILTER,
  readFilter,
  withDurations,
  writeFilter,
} from "#app/(console)/traces/filter.ts"
import { parseQuery } from "#server/traces/traceql/parse.ts"

const FILTERS: Partial<Filter>[] = [
  {},
  { service: "orders" },
  { service: 'a "quoted" \\ name', operation: "line\nbreak", status: "error", min: "500ms", max: "1.5s" },
  { attributes: [{ field: "span.http.route", test: "=", value: "/orders/{id}" }] },
  { attributes: [{ field: '.order."a key"', test: "exists", value: "" }] },
  { attributes: [{ field: '."a key"', test: "exists", value: "" }] },
  { attributes: [{ field: "span.order.id", test: "contains", value: "o-(1.*)" }] },
  { attributes: [{ field: "span.lines", test: ">", value: "10" }] },
  { attributes: [{ field: "span.lines", test: "<", value: "-1.5" }] },
  { status: "unset", attributes: [{ field: ".a", test: "!=", value: "b && c" }] },
]

describe("the fields beside the query", () => {
  it.for(FILTERS)("are written as a query that is valid, and read again: %j", (of) => {
    const filter = { ...NO_FILTER, ...of }
    const query = writeFilter(filter)
    expect(() => parseQuery(query)).not.toThrow()
    const read = readFilter(query)
    // A key of which a part is quoted is the query's alone.
    if (query.includes('order."')) expect(read).toBeNull()
    else expect(read).toEqual(filter)
  })

  it.for([
    "{ status = error || status = ok }",
    "{ (status = error) }",
    "{ !(status = error) }",
    "{ status = error && status = ok }",
    "{ kind = server }",
    '{ span.a =~ "[0-9]+" }',
    '{ span.a =~ ".*[0-9].*" }',
    "{ duration > }",
    "{ status = error && }",
    "status = error",
    "{ status = error",
  ])("leave alone what they cannot say: %s", (query) => {
    expect(readFilter(query)).toBeNull()
  })

  it("take durations with a unit, and numbers as ms", () => {
    expect(["", "500ms", "1.5 s", "20", "fast", "5 apples"].map(durationOf)).toEqual([
      ...["", "500ms", "1.5s", "20ms", null, null],
    ])
  })

  it("narrow any query to durations", () => {
    expect(withDurations("{ status = error }", 1.2345, 4567.8)).toBe(
      "{ status = error && duration >= 1.23ms && duration <= 4.57s }",
    )
    const query = withDurations("{ kind = server || kind = client }", 0.5, 2)
    expect(query).toBe("{ (kind = server || kind = client) && duration >= 500us && duration <= 2ms }")
    expect(() => parseQuery(query)).not.toThrow()
  })
})

describe("a query", () => {
  it.for([
    ["", "{ }"],
    ["status = error", "{ status = error }"],
    ["{ status = error", "{ status = error }"],
    ["{ status = error }", "{ status = error }"],
  ] as const)("has braces, typed or not: %s", ([text, query]) => {
    expect(asQuery(text)).toBe(query)
  })

  it.for([
    ["", { of: "field", search: "", from: 0, to: 0 }],
    ["{ span.ht", { of: "field", search: "span.ht", from: 2, to: 9 }],
    ["{ status = error && na", { of: "field", search: "na", from: 20, to: 22 }],
    ["{ (na", { of: "field", search: "na", from: 3, to: 5 }],
    ["{ status = e", { of: "value", field: "status", operator: "=", search: "e", from: 11, to: 12 }],
    [
      '{ name != "POST /o',
      { of: "value", field: "name", operator: "!=", search: "POST /o", from: 10, to: 18 },
    ],
    ["{ duration > 5ms ", null],
    ['{ name = "x" ', null],
  ] as const)("says what is written at its end: %s", ([text, completion]) => {
    expect(completionAt(text, text.length)).toEqual(completion)
  })

  it("is completed where the caret stands", () => {
    const text = '{ name = "POST /o" && status = error }'
    const at = completionAt(text, 16)
    expect(at).toMatchObject({ of: "value", search: "POST /" })
    const done = at && complete(text, at, '"POST /orders"')
    expect(done?.text).toBe('{ name = "POST /orders" && status = error }')
    const first = completionAt("", 0)
    expect(first && complete("", first, "status")).toEqual({ text: "{ status ", caret: 9 })
  })

  it("looks for keys within a scope", () => {
    expect(keySearch("span.http.ro")).toEqual({ scope: "span", key: "http.ro" })
    expect(keySearch(".order")).toEqual({ scope: null, key: "order" })
    expect(keySearch("http.ro")).toEqual({ scope: null, key: "http.ro" })
    expect(ownFields("SERV")).toEqual(["resource.service.name"])
  })
})
