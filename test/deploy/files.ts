import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { parseAllDocuments } from "yaml"
import { z } from "zod"

export const root = path.resolve(import.meta.dirname, "../..")

export function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8")
}

/** Every document of a YAML file; throws where it is not YAML, or names a key twice. */
export function readYaml(file: string): unknown[] {
  return parseAllDocuments(read(file), { merge: true }).map((document) => {
    if ("errors" in document && document.errors[0]) throw document.errors[0]
    return document.toJS()
  })
}

export function filesIn(folder: string): string[] {
  return readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`)
}

const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) })
const labels = z.record(z.string(), z.string())

export const deployment = z.object({
  kind: z.literal("Deployment"),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    selector: z.object({ matchLabels: labels }),
    template: z.object({
      metadata: z.object({ labels }),
      spec: z.object({
        securityContext: z.object({ runAsNonRoot: z.literal(true), runAsUser: z.number() }),
        containers: z
          .array(
            z.object({
              name: z.string(),
              env: z.array(z.object({ name: z.string(), value: z.string() })),
              ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
              startupProbe: probe,
              livenessProbe: probe,
              readinessProbe: probe,
              resources: z.object({ requests: labels, limits: labels }),
              volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
            }),
          )
          .length(1),
        volumes: z.array(z.looseObject({ name: z.string() })),
      }),
    }),
  }),
})

export const selecting = z.object({
  kind: z.enum(["Service", "PodDisruptionBudget"]),
  spec: z.object({ selector: z.union([z.object({ matchLabels: labels }), labels]) }),
})

const service = z.looseObject({
  environment: z.record(z.string(), z.string()),
  secrets: z.array(z.string()),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
})
export const composition = z.object({
  services: z.record(z.string(), service),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
})
