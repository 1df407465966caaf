import { defineConfig } from "vitest/config"
import LongestFirst from "./test/setup/order.ts"

// kafkajs sets timers into the past, of which Node 24 warns; it does no harm.
const execArgv = ["--disable-warning=TimeoutNegativeWarning"]

/*
 * Limits only find what hangs: a machine with a load of 8 may take ten times as long and passes all the same. What has to
 * be quick is measured in bench/.
 */
const MINUTE = 60_000
/** A condition that holds ends the wait at once. */
const expect = { poll: { timeout: MINUTE, interval: 100 } }

/*
 * Files at a time, for two cores and 16 GiB. Unit tests compute. With servers most of the time is waiting, for sweeps and
 * for starts: more files at once fill it. A file that kills servers takes up to 2 GiB.
 */
const COMPUTING = 2
const SHARING = 3
const WAITING = 3

/**
 * What needs no server comes first; then what shares one stack; then, mixed, pages and what has servers of its own to kill.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.unit.test.ts"],
          setupFiles: "test/setup/seed.ts",
          isolate: false,
          maxWorkers: COMPUTING,
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
          maxWorkers: SHARING,
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
          maxWorkers: WAITING,
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
          maxWorkers: WAITING,
          sequence: { groupOrder: 2 },
          testTimeout: 10 * MINUTE,
          hookTimeout: 10 * MINUTE,
          expect,
        },
      },
    ],
  },
})
