// Import this first: what comes after may be more than an old Node can load.
import { readFileSync } from "node:fs"
import { expectNode } from "./node-version.mjs"

const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
expectNode(
  engines.node.replace(">=", ""),
  "install a newer one, or run `npm ci` and then `npm start`, which use a Node that comes along",
)
