import fc from "fast-check"
import { expect, it } from "vitest"
import { formatMatchers, parseMatchers } from "#server/alerts/matcher-text.ts"

const is = (label: string, value: string) => ({ label, op: "=" as const, value })

it("reads matchers as Alertmanager's are written", () => {
  expect(parseMatchers('cluster=prod, group = "a \\"b\\" *" severity!=info')).toEqual([
    is("cluster", "prod"),
    is("group", 'a "b" *'),
    { label: "severity", op: "!=", value: "info" },
  ])
  expect(parseMatchers('team=""')).toEqual([is("team", "")])
  expect(parseMatchers("  ")).toEqual([])
})

it.each(["prod", "cluster=~prod", 'group="open', "a=1 ;b=2", "=x", "9a=x"])(
  "does not guess at %s",
  (text) => {
    expect(parseMatchers(text)).toBeNull()
  },
)

it("reads back whatever it writes", () => {
  const one = fc.record({
    label: fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,20}$/),
    op: fc.constantFrom("=" as const, "!=" as const),
    value: fc.string({ unit: "grapheme" }),
  })
  fc.assert(
    fc.property(fc.array(one, { maxLength: 6 }), (all) => {
      expect(parseMatchers(formatMatchers(all))).toEqual(all)
    }),
  )
})
