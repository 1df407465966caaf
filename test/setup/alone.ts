import { afterAll } from "vitest"

// Test files share a process, since starting one costs a second: each leaves it as it was found.
const before = { ...process.env }
const WEB = Symbol.for("signalbox.web")

afterAll(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
  Object.assign(process.env, before)
  Reflect.deleteProperty(globalThis, WEB)
})
