// npm run check:deploy: checks what is in deploy/, the Dockerfile, compose.yaml and the workflows by the tools that are
// installed, and says which are not. docs/deploy.md has what they said last.
import { spawnSync } from "node:child_process"
import { readdirSync } from "node:fs"
import path from "node:path"
import { findProgram, root } from "./setup/run.mjs"

const inFolder = (folder) => readdirSync(path.join(root, folder)).map((name) => path.join(folder, name))
const manifests = inFolder("deploy/kubernetes").filter((file) => !file.endsWith("kustomization.yaml"))

/** Each with the arguments to which it tells its version. None of them asks the network for anything. */
const TOOLS = [
  { program: "hadolint", version: "--version", args: ["Dockerfile"] },
  { program: "actionlint", version: "-version", args: inFolder(".github/workflows") },
  { program: "kubernetes-validate", version: "--version", args: ["--strict", ...manifests] },
  { program: "kustomize", version: "version", args: ["build", "deploy/kubernetes"] },
  { program: "docker-compose", version: "version", args: ["--file", "compose.yaml", "config", "--quiet"] },
  { program: "systemd-analyze", version: "--version", args: ["verify", ...inFolder("deploy/systemd")] },
]

let failed = false
for (const { program, version, args } of TOOLS) {
  if (!findProgram([program], version)) {
    console.log(`- ${program}: skipped, not installed`)
    continue
  }
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: "utf8" })
  console.log(`${status === 0 ? "✓" : "✗"} ${program} ${args.join(" ")}`)
  if (status === 0) continue
  failed = true
  console.log(`${stdout}${stderr}`.trimEnd())
}
process.exitCode = failed ? 1 : 0
