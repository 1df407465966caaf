// npm run demo: from nothing to a running Signalbox that watches a real Kafka cluster.
// npm run dev: the same with hot reload of the pages, and a collector that starts again when its sources change.
import "./setup/expect-node.mjs"
import path from "node:path"
import { handOver, pinnedNode, root } from "./setup/run.mjs"
import { runScript } from "./setup/steps.mjs"
import { ensure } from "./setup.mjs"

await runScript(async () => {
  await ensure({ jvm: true })
  return handOver(pinnedNode, [path.join(root, "scripts", "demo", "main.ts"), ...process.argv.slice(2)])
})
