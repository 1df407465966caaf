import { expect, it } from "vitest"
import { fromDecoded, fromSegment, toSegment } from "#server/segment.ts"

const NAMES = [
  "",
  ".",
  "..",
  "...",
  "~",
  "~~",
  "~.",
  "~25",
  "~2E~2E",
  "%",
  "100%",
  "%25",
  "%2F",
  "a/b",
  "a%2Fb",
  "a?b#c",
  "a b+c",
]
const ODD = [
  "grüße",
  "日本",
  "😀",
  "\n",
  "\\",
  "<b>",
  "%!s(<nil>)",
  "\u0001",
  "orders.payment-v1",
  "x".repeat(3000),
]

it.each([...NAMES, ...ODD])("%j comes back from its address as the browser sends it", (name) => {
  const segment = toSegment(name)
  const { pathname } = new URL(`/clusters/shop/groups/${segment}/offsets`, "http://localhost")
  const [, , , , seen = "", last] = pathname.split("/")
  expect(last).toBe("offsets")
  expect(fromSegment(seen)).toBe(name)
  // Next.js decodes parameters before it hands them to generateMetadata.
  expect(fromDecoded(decodeURIComponent(seen))).toBe(name)
})

it("reads addresses that were typed by hand", () => {
  expect(fromSegment("gr%C3%BC%C3%9Fe")).toBe("grüße")
  expect(fromSegment("100%25")).toBe("100%")
  expect(fromSegment("a~b")).toBe("a~b")
  expect(fromSegment("a%252Fb")).toBe("a%2Fb")
  expect(fromDecoded("a%2Fb")).toBe("a%2Fb")
})
