// Everything that must be there before the pinned Node can take over. Runs on Node 20 without any package.
import "./setup/expect-node.mjs"
import { ensureGenerated, ensurePackages } from "./setup/packages.mjs"
import { ensurePrograms, isFetched } from "./setup/programs.mjs"
import { runScript } from "./setup/steps.mjs"

const KAFKA = /^kafka-[\d.]+$/
const SHOP_JAVA = /^shop-java-[\d.]+$/
const REGISTRY = /^apicurio-registry-[\d.]+Final$/

/** What the tests need besides the npm packages. */
export const FOR_TESTS = { jvm: true, registry: true, programs: ["chromium", "nginx", "alertmanager", "git"] }

/**
 * Makes this machine ready. Says nothing, and takes well under a second, when it is.
 * @param {{ jvm?: boolean, registry?: boolean, programs?: import("./setup/programs.mjs").Program[] }} wanted what is
 *   needed besides the npm packages: `jvm` is for Kafka and the shop's Java services, `registry` for the schema registry of the tests, and each
 *   includes Maven as long as it is to be fetched; `programs` are further ones
 */
export async function ensure({ jvm = false, registry = false, programs = [] } = {}) {
  const fetched = (!jvm || (isFetched(KAFKA) && isFetched(SHOP_JAVA))) && (!registry || isFetched(REGISTRY))
  await ensurePrograms([...(jvm ? ["jvm"] : []), ...(fetched ? [] : ["maven"]), ...programs])
  await ensurePackages()
  await ensureGenerated()
}

if (process.argv[1] === import.meta.filename) {
  await runScript(async () => {
    await ensure(FOR_TESTS)
    return 0
  })
}
