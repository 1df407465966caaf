import { expect, it } from "vitest"
import { CARD, leaksIn, NAME } from "./secrets.ts"

const b64 = (text: string, encoding: BufferEncoding = "utf8") =>
  Buffer.from(text, encoding).toString("base64")

it.each<[string, string | Buffer]>([
  ["plain", `{"card":"${CARD}"}`],
  ["a part", `…${CARD.slice(3, 12)}`],
  ["a name", NAME],
  ["hex", Buffer.from(`{"a":"${CARD}"}`).toString("hex")],
  [
    "a dump",
    Buffer.from(CARD)
      .toString("hex")
      .replace(/(..)(?=.)/g, "$1 "),
  ],
  ["base64", b64(CARD)],
  ["base64 further in", b64(`xy${NAME}`)],
  ["base64 of base64's neighbour", b64(`x${NAME}`)],
  ["base64url", Buffer.from(`?>${CARD}`).toString("base64url")],
  ["UTF-16 in base64", b64(CARD, "utf16le")],
  ["UTF-16", Buffer.from(NAME, "utf16le")],
  ["percent", encodeURIComponent(CARD).replace("9", "%39")],
  ["JSON escapes", `"${NAME.replace("i", "\\u0069")}"`],
  ["JSON in JSON", JSON.stringify(JSON.stringify({ name: NAME.replace("i", "\\u0069") }))],
  ["references", CARD.replace("9", "&#57;").replace("1", "&#x31;")],
])("finds what gives a secret away: %s", (_name, answer) => {
  expect(leaksIn(answer)).not.toEqual([])
})

it("finds nothing where there is nothing", () => {
  const hidden = `{"card":"••••9012","offset":"12345678","at":1795221179567,"x":"${b64("nothing to see here")}"}`
  expect(leaksIn(hidden)).toEqual([])
})
