import { createLogger } from "#server/log.ts"
import { launch } from "#server/messages/search/launch.ts"
import type { Order } from "#server/messages/search/process.ts"
import { openStore } from "#server/store/index.ts"

/** Stands for the web process: starts searches as it does, and can be killed without killing the tests. */
process.on("message", (order: Order) => {
  launch({ store: openStore(order.databaseUrl), log: createLogger("launcher") }, order, order.id)
})
