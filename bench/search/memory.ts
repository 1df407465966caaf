import { measureSearch, type World } from "./measure.ts"

/**
 * One search in a process of its own, with the memory limit of the product's (server/messages/search/launch.ts): what it
 * needed at most is then its own. Says so in one line of JSON.
 */
const world: World = JSON.parse(process.argv[2] ?? "{}")
const { messages } = await measureSearch(world, { kind: "contains", text: process.argv[3] ?? "" })
console.log(JSON.stringify({ messages, mostMb: Math.round(process.resourceUsage().maxRSS / 1024) }))
