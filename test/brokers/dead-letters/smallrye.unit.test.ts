import { expect, it } from "vitest"
import { smallrye } from "#server/brokers/kafka/dead-letters/smallrye.ts"
import { kafkaDeadLetters } from "#server/brokers/kafka/dead-letters.ts"
import { deadMessage } from "./message.ts"

const DIED = {
  "dead-letter-exception-class-name": "java.lang.IllegalStateException",
  "dead-letter-reason": "no title",
  "dead-letter-cause-class-name": "java.net.ConnectException",
  "dead-letter-cause": "refused",
  "dead-letter-topic": "movies",
  "dead-letter-partition": "3",
  "dead-letter-offset": "98",
}

it("reads what SmallRye writes, and knows which headers are its own", () => {
  const facts = smallrye.read(
    "dead-letter-topic-movies-in",
    deadMessage(Object.entries({ ...DIED, "dead-letter-office": "mine" })),
  )
  expect(facts).toEqual({
    original: { destination: "movies", partition: 3, offset: 98n, timestamp: null },
    group: null,
    exception: { type: "java.net.ConnectException", message: "refused", stack: null },
    attempts: null,
  })
  for (const name of Object.keys(DIED)) expect(smallrye.isOwnHeader(name)).toBe(true)
  expect(smallrye.isOwnHeader("dead-letter-office")).toBe(false)
})

it("tells the exception itself where it has no cause, whatever the topic is named", () => {
  const { "dead-letter-cause-class-name": _, "dead-letter-cause": __, ...rest } = DIED
  const facts = smallrye.read("failed", deadMessage(Object.entries(rest)))
  expect(facts?.exception).toEqual({
    type: "java.lang.IllegalStateException",
    message: "no title",
    stack: null,
  })
  expect(smallrye.read("dead-letter-topic-movies", deadMessage([["other", "1"]]))).toBeNull()
})

it("stands before what goes by names alone", () => {
  expect(kafkaDeadLetters.dialects.indexOf(smallrye)).toBeLessThan(
    kafkaDeadLetters.dialects.findIndex((one) => one.id === "plain"),
  )
})
