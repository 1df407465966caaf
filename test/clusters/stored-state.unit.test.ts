import { expect, it } from "vitest"
import { readState } from "#server/clusters/stored-state.ts"

const problem = { part: { kind: "group", group: "billing" }, code: "timeout", message: "It did not answer." }
const finding = { level: "warn", kind: "leader-skew", message: "Broker 1 leads most.", destinations: [] }

it("what the collector stores is read as it is", () => {
  const nodes = {
    nodes: [{ id: 1, host: "a", port: 9092, rack: null, controller: true, online: true, logDirs: null }],
    leaders: [{ node: 1, leaders: 2, replicas: 2 }],
  }
  const stored = { problems: { sweep: [problem] }, findings: [finding], nodes }
  expect(readState(stored)).toEqual({ problems: [problem], findings: [finding], nodes })
})

it.each([
  ["no state yet", null],
  ["nothing found yet", { problems: [], findings: [], nodes: null }],
])("%s is no problem", (_, stored) => {
  expect(readState(stored)).toEqual({ problems: [], findings: [], nodes: null })
})

it.each([
  ["findings", { problems: { sweep: [problem] }, findings: [{ level: "look" }], nodes: null }],
  ["nodes", { problems: { sweep: [problem] }, findings: [], nodes: { nodes: "three" } }],
])("%s of another version are told as a problem, beside the rest", (of, stored) => {
  const { problems } = readState(stored)
  expect(problems[0]).toEqual(problem)
  expect(problems[1]).toMatchObject({ code: "unreadable", message: expect.stringContaining(of) })
})
