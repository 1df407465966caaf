import { defineConfig } from "vitest/config"

// kafkajs sets timers into the past, of which Node 24 warns; it does no harm.
const execArgv = ["--disable-warning=TimeoutNegativeWarning"]

/*
 * Limits only find what hangs: a machine with a load of 8 may take ten times as long and passes all the same. What has to
 * be quick is measured in bench/.
 */
const MINUTE = 60_000
/** A condition that holds ends the wait at once. */
const expect = { poll: { timeout: MINUTE, interval: 100 } }

/**
 * What needs no server comes first, what kills servers last. Two files at a time.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.unit.test.ts"],
          setupFiles: "test/setup/seed.ts",
          isolate: false,
          sequence: { groupOrder: 0 },
          testTimeout: MINUTE,
          expect,
        },
      },
      {
        test: {
          name: "stack",
          execArgv,
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.{unit,fault,browser}.test.ts"],
          globalSetup: "test/setup/global.ts",
          setupFiles: ["test/setup/alone.ts", "test/setup/seed.ts"],
          isolate: false,
          sequence: { groupOrder: 1 },
          testTimeout: 4 * MINUTE,
          hookTimeout: 5 * MINUTE,
          expect,
        },
      },
      {
        test: {
          name: "browser",
          execArgv,
          include: ["test/**/*.browser.test.ts"],
          // Not the server's zone: what it writes and what the browser makes of it may differ.
          env: { TZ: "America/New_York" },
          globalSetup: ["test/setup/global.ts", "test/setup/build.ts"],
          sequence: { groupOrder: 2 },
          testTimeout: 5 * MINUTE,
          hookTimeout: 10 * MINUTE,
          expect,
        },
      },
      {
        test: {
          name: "fault",
          execArgv,
          include: ["test/**/*.fault.test.ts"],
          sequence: { groupOrder: 3 },
          testTimeout: 10 * MINUTE,
          hookTimeout: 10 * MINUTE,
          expect,
        },
      },
    ],
  },
})
