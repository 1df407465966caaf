/** The path below which browsers reach Signalbox, such as `/signalbox`; empty at the root. Fixed by the build (next.config.js). */
export const BASE_PATH = process.env.SIGNALBOX_BASE_PATH ?? ""

/** The address of a path of Signalbox, for what Next does not prefix: fetch, forms, downloads, `window.location`, plain links. */
export function withBasePath(path: string): string {
  return BASE_PATH + path
}
