import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { ownPath } from "../../app/(auth)/sign-in/own-path.ts"

const HERE = "https://signalbox.example"

describe("where sign-in goes on to", () => {
  it.each(["/", "/lag?status=losing", "/clusters/shop/groups/billing?from=-1h#partitions"])(
    "is the page %s that was asked for",
    (next) => {
      expect(ownPath(next)).toBe(next)
    },
  )

  it.each([
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/",
    "/\t/evil.example",
    "/\n\\evil.example",
    "/.//evil.example",
    "/x/..//evil.example",
    "javascript:alert(1)",
    "",
    undefined,
    ["/lag"],
  ])("is never another site: %j", (next) => {
    expect(ownPath(next)).toBe("/")
  })

  it("stays here whatever is given, read as a browser reads it", () => {
    const nasty = fc.string({
      unit: fc.constantFrom("/", "\\", "\t", "\n", ".", "@", ":", "a", " ", "?", "#"),
    })
    fc.assert(
      fc.property(nasty, (rest) => {
        expect(new URL(ownPath(`/${rest}`), HERE).origin).toBe(HERE)
      }),
      { numRuns: 2000 },
    )
  })
})
