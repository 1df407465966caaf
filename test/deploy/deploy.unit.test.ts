import { existsSync, globSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { z } from "zod"
import { ROLES, VARIABLES } from "#server/config.ts"
import { composition, deployment, filesIn, read, readYaml, root, selecting } from "./files.ts"

const MANIFESTS = filesIn("deploy/kubernetes")
const UNITS = filesIn("deploy/systemd")
const resources = MANIFESTS.flatMap(readYaml)
const deployments = resources
  .filter((one) => deployment.safeParse(one).success)
  .map((one) => deployment.parse(one))

describe("every way to deploy", () => {
  it.each(["Dockerfile", "compose.yaml", "deploy/nginx.conf", "docs/deploy.md", ...MANIFESTS, ...UNITS])(
    "sets in %s only variables that Signalbox reads",
    (file) => {
      const named = read(file).match(/\b(SIGNALBOX_[A-Z_]+[A-Z]|DATABASE_URL(_FILE)?)\b/g) ?? []
      const read_ = (name: string) => VARIABLES.has(name) || VARIABLES.has(name.replace(/_FILE$/, ""))
      // The example of a variable of one's own, in signalbox.yaml.
      expect(named.filter((name) => !read_(name) && !name.startsWith("SIGNALBOX_KAFKA_PASSWORD"))).toEqual([])
    },
  )

  it("runs every role there is", () => {
    const kubernetes = deployments.map((one) => one.spec.template.spec.containers[0]?.env)
    const named = kubernetes.map((env) => env?.find(({ name }) => name === "SIGNALBOX_ROLES")?.value)
    expect(named.sort()).toEqual([...ROLES].sort())
    expect(UNITS.map((unit) => /SIGNALBOX_ROLES=(\w+)/.exec(read(unit))?.[1]).sort()).toEqual(
      [...ROLES].sort(),
    )
    const { services } = composition.parse(readYaml("compose.yaml")[0])
    const composed = Object.values(services).flatMap((one) => one.environment.SIGNALBOX_ROLES ?? [])
    expect(composed.sort()).toEqual([...ROLES].sort())
  })

  it("runs the Node that is pinned", () => {
    const pinned = z
      .object({
        devDependencies: z.record(z.string(), z.string()),
        dependencies: z.record(z.string(), z.string()),
      })
      .transform((all) => all.dependencies.node ?? all.devDependencies.node)
      .parse(JSON.parse(read("package.json")))
    expect(/^ARG NODE_VERSION=(.*)$/m.exec(read("Dockerfile"))?.[1]).toBe(pinned)
    expect(read(".nvmrc").trim()).toBe(pinned)
  })
})

describe("the image", () => {
  const copied = [...read("Dockerfile").matchAll(/^COPY (--from=build )?(.*) \S+$/gm)].flatMap(
    ([, built, sources]) =>
      (sources ?? "")
        .split(" ")
        .map((source) => ({ built: built !== undefined, source: source.replace("/app/", "") })),
  )
  const let_in = read(".dockerignore")
    .split("\n")
    .flatMap((line) => (line.startsWith("!") ? line.slice(1) : []))

  it("copies files that exist, that .dockerignore lets in, or that its build makes", () => {
    const made = ["node_modules", ".next", "."]
    const needed = copied.map(({ source }) => source).filter((source) => !made.includes(source))
    expect(needed.length).toBeGreaterThan(5)
    expect(needed.filter((source) => !existsSync(path.join(root, source)))).toEqual([])
    expect(needed.filter((source) => !let_in.includes(source))).toEqual([])
    expect(let_in.filter((source) => globSync(source, { cwd: root }).length === 0)).toEqual([])
  })

  it("runs as the user that Kubernetes gives it", () => {
    const user = Number(/^USER (\d+):/m.exec(read("Dockerfile"))?.[1])
    expect(deployments.map((one) => one.spec.template.spec.securityContext.runAsUser)).toEqual([
      user,
      user,
      user,
    ])
  })
})

describe("the Kubernetes manifests", () => {
  it("are all in the kustomization, but the example of a Secret", () => {
    const { resources: named } = z
      .object({ resources: z.array(z.string()) })
      .parse(readYaml("deploy/kubernetes/kustomization.yaml")[0])
    const there = MANIFESTS.map((file) => path.basename(file)).filter(
      (name) => !["kustomization.yaml", "secret.example.yaml"].includes(name),
    )
    expect(named.sort()).toEqual(there.sort())
  })

  it("select pods that there are", () => {
    const pods = deployments.map((one) => one.spec.template.metadata.labels)
    const selectors = resources.flatMap((one) => {
      const found = selecting.safeParse(one).data?.spec.selector
      return found ? [found] : []
    })
    const all = [...selectors, ...deployments.map((one) => one.spec.selector)]
    expect(all).toHaveLength(8)
    for (const selector of all) {
      const wanted =
        "matchLabels" in selector && typeof selector.matchLabels === "object"
          ? selector.matchLabels
          : selector
      expect(pods.some((pod) => Object.entries(wanted).every(([key, value]) => pod[key] === value))).toBe(
        true,
      )
    }
  })

  it.each(deployments)("probe a port and mount a volume that $metadata.name has", ({ spec }) => {
    const { containers, volumes } = spec.template.spec
    for (const one of containers) {
      const ports = one.ports.map(({ name }) => name)
      const probes = [one.startupProbe, one.livenessProbe, one.readinessProbe]
      expect(probes.map(({ httpGet }) => httpGet.path)).toEqual(["/healthz", "/healthz", "/readyz"])
      expect(probes.filter(({ httpGet }) => !ports.includes(httpGet.port))).toEqual([])
      const known = volumes.map(({ name }) => name)
      expect(one.volumeMounts.map(({ name }) => name)).toEqual(known)
      const secrets = one.env.filter(({ name }) => name.endsWith("_FILE"))
      expect(secrets).toHaveLength(2)
      const mounted = one.volumeMounts.map(({ mountPath }) => mountPath)
      expect(secrets.filter(({ value }) => !mounted.includes(path.dirname(value)))).toEqual([])
    }
  })
})

describe("compose.yaml", () => {
  const { services, secrets } = composition.parse(readYaml("compose.yaml")[0])

  it.each(Object.entries(services))(
    "gives %s secrets that are declared, at the paths it reads",
    (_, service) => {
      const files = Object.values(service.environment).filter((value) => value.startsWith("/run/secrets/"))
      expect(files.map((file) => path.basename(file)).sort()).toEqual([...service.secrets].sort())
      expect(service.secrets.filter((name) => !(name in secrets))).toEqual([])
      expect(Object.keys(service.depends_on ?? {}).filter((name) => !(name in services))).toEqual([])
    },
  )
})

it("keeps the secrets of compose out of git and out of the image", () => {
  expect(read(".gitignore")).toContain("/deploy/secrets/")
  expect(read(".dockerignore")).not.toContain("!deploy/secrets")
  expect(read(".dockerignore")).not.toMatch(/^!deploy$/m)
})
