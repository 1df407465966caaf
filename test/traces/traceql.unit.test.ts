import { describe, expect, it } from "vitest"
import { parseQuery } from "#server/traces/traceql/parse.ts"

const text = (value: string) => ({ type: "text", value })
const attribute = (scope: string, key: string) => ({ of: "attribute", scope, key })

describe("TraceQL", () => {
  it("has conditions on attributes and spans, with and before or", () => {
    expect(
      parseQuery('{ resource.service.name = "payment" && span.http.status_code >= 500 && duration > 1.5s }'),
    ).toEqual({
      is: "all",
      parts: [
        {
          is: "compare",
          field: attribute("resource", "service.name"),
          operator: "=",
          literal: text("payment"),
        },
        {
          is: "compare",
          field: attribute("span", "http.status_code"),
          operator: ">=",
          literal: { type: "number", value: 500 },
        },
        {
          is: "compare",
          field: { of: "intrinsic", name: "duration" },
          operator: ">",
          literal: { type: "duration", value: 1.5e9 },
        },
      ],
    })
    expect(parseQuery("{ .a = 1 || .b = 2 && .c = 3 }")).toMatchObject({
      is: "any",
      parts: [{ is: "compare" }, { is: "all", parts: [{}, {}] }],
    })
    expect(parseQuery("{ (.a = 1 || .b = 2) && !(.c = 3) }")).toMatchObject({
      is: "all",
      parts: [{ is: "any" }, { is: "not" }],
    })
  })

  it("has names in quotes, escapes, patterns, nil, words and negative numbers", () => {
    expect(parseQuery('{span."weird key"="a\\"b"}')).toMatchObject({
      field: attribute("span", "weird key"),
      literal: text('a"b'),
    })
    expect(parseQuery("{.a=~`x\\d+`}")).toMatchObject({ operator: "=~", literal: text("x\\d+") })
    expect(parseQuery("{ .a != nil }")).toMatchObject({ literal: { type: "nil" } })
    expect(parseQuery("{ status = error }")).toMatchObject({ literal: text("error") })
    expect(parseQuery("{ nestedSetParent < 0 && .x > -5 && .y = true }")).toMatchObject({
      parts: [{}, { literal: { type: "number", value: -5 } }, { literal: { type: "boolean", value: true } }],
    })
    expect(parseQuery("{ duration > 1h30m }")).toMatchObject({ literal: { value: 5400e9 } })
    for (const every of ["", "  ", "{}", "{ }", "{ true }"])
      expect(parseQuery(every)).toEqual({ is: "all", parts: [] })
  })

  it("says what is wrong, and where", () => {
    const wrong: [string, string][] = [
      ["service = 1", "at character 1: a query begins with {"],
      ["{ service = 1 }", 'at character 3: "service" is no field; write .service for an attribute'],
      ["{ http.route = 1 }", "write span.http.route, resource.http.route or .http.route"],
      ["{ .a = }", 'at character 8: "}" stands where a value is expected'],
      ["{ .a }", 'at character 6: "}" stands where an operator'],
      ['{ .a = "x }', "the text has no closing quote"],
      ["{ .a = x }", '"x" is no value; put a text in double quotes'],
      ["{ duration > 5 }", "a duration needs a unit"],
      ["{ status = broken }", '"broken" is no value'],
      ["{ status = server }", "the value must be one of unset, ok, error"],
      ['{ .a =~ "(" }', "the regular expression is not valid"],
      ["{ .a =~ 5 }", "=~ needs a regular expression in quotes"],
      ["{ .a > nil }", "only = and != are possible with nil"],
      ["{ rootName = `x` }", "conditions are on single spans"],
      ["{ .a = 1 } && { .b = 2 }", "at character 12: only one set of braces"],
      ["{ .a = 1 } | count() > 2", "without pipelines"],
      ["{ .a = 1", "the query ends where &&, || or } is expected"],
      [`{ ${"(".repeat(100)} }`, "nested too deeply"],
    ]
    for (const [query, words] of wrong) expect(() => parseQuery(query), query).toThrow(words)
  })
})
