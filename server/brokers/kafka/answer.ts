import type { Reader } from "@platformatic/kafka"

/** Turns a function that reads an answer into the parser that @platformatic/kafka wants. */
export function answerOf<Answer>(read: (reader: Reader, version: number) => Answer) {
  return (...given: [correlationId: number, apiKey: number, version: number, reader: Reader]): Answer => {
    const [, , version, reader] = given
    return read(reader, version)
  }
}
