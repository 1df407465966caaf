import { defineConfig } from "vitest/config"

// kafkajs sets timers into the past, of which Node 24 warns; it does no harm.
const execArgv = ["--disable-warning=TimeoutNegativeWarning"]

/**
 * What needs no server comes first, what kills servers last. Two files at a time; only what counts seconds while a collector is
 * killed runs alone.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.unit.test.ts"],
          isolate: false,
          sequence: { groupOrder: 0 },
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "stack",
          execArgv,
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.{unit,fault,browser}.test.ts"],
          globalSetup: "test/setup/global.ts",
          setupFiles: "test/setup/alone.ts",
          isolate: false,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "browser",
          execArgv,
          include: ["test/browser/*.browser.test.ts"],
          // Not the server's zone: what it writes and what the browser makes of it may differ.
          env: { TZ: "America/New_York" },
          globalSetup: ["test/setup/global.ts", "test/setup/build.ts"],
          sequence: { groupOrder: 2 },
          testTimeout: 90_000,
          hookTimeout: 300_000,
          // A page is ready when it is ready: a busy machine draws later, not differently.
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        test: {
          name: "fault",
          execArgv,
          include: ["test/**/*.fault.test.ts"],
          exclude: ["test/roles/takeover.fault.test.ts"],
          sequence: { groupOrder: 3 },
          testTimeout: 240_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: "takeover",
          execArgv,
          include: ["test/roles/takeover.fault.test.ts"],
          sequence: { groupOrder: 4 },
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
