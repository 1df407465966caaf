import { describe, expect, it } from "vitest"
import { readLines } from "../../app/(console)/clusters/[cluster]/topics/[topic]/messages/draft.ts"

const GOOD = '{"partition":0,"offset":"3","timestamp":1,"key":"a","value":{"base64":"AAE="},"headers":[]}'

describe("a file of messages to be sent", () => {
  it("is read as it was downloaded, without where and when each was", () => {
    const { messages, problem } = readLines(`${GOOD}\r\n\n{"value":null}\n`)
    expect(problem).toBeNull()
    expect(messages).toEqual([
      { partition: 0, key: "a", value: { base64: "AAE=" }, headers: [] },
      { value: null },
    ])
  })

  it.each([
    ["no JSON", "{", "it is not JSON"],
    ["no object", "[1]", "it is not a JSON object"],
    ["a number for a key", '{"key":7}', "its key is neither"],
    ["an object for a value", '{"value":{"a":1}}', "its value is neither"],
    ["what is no base64", '{"value":{"base64":"?"}}', "its value is neither"],
    ["headers as an object", '{"headers":{"a":"b"}}', "its headers are not a list"],
    ["a partition as a text", '{"partition":"0"}', "its partition is no number"],
    ["a word of another tool", '{"topic":"x"}', '"topic" is not among'],
  ])("names the line that has %s, and then nothing is sent", (_name, line, why) => {
    const { messages, problem } = readLines(`${GOOD}\n\n${line}\n${GOOD}`)
    expect(messages).toEqual([])
    expect(problem).toContain(`Line 3 is no message: ${why}`)
  })
})
