// Import this first in what sets a machine up: it hands over to the pinned Node, but some Node has to run it until then.
import { expectNode } from "../../server/node-version.mjs"

// import.meta.dirname came with it.
expectNode("20.11", "install a newer one")
