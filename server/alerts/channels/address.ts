import { z } from "zod"

const MAX_URL = 2000

/** The address of a receiver: http or https. */
export const address = z
  .url({ protocol: /^https?$/, error: "An address begins with https:// or http://." })
  .max(MAX_URL)

/** The address of a path below a base, whether the base ends with a slash or not. */
export function below(base: string, path: string): string {
  return `${base.replace(/\/+$/, "")}${path}`
}
