import { type PREFERENCES, remember } from "./preference.ts"

/**
 * A preference that stands on the document, where style sheets and every component see a change at once, and is remembered
 * in this browser. `usual` is what holds where nothing was chosen, and on the server.
 */
export function documentPreference<Value extends string>(
  name: keyof typeof PREFERENCES,
  { parse, usual }: { parse: (value: string | undefined) => Value; usual: Value },
) {
  const changed = `signalbox-${name}`
  return {
    /** For this page at once, and remembered. */
    choose: (value: Value): void => {
      remember(name, value === usual ? null : value)
      document.documentElement.dataset[name] = value
      window.dispatchEvent(new Event(changed))
    },
    chosen: (): Value =>
      typeof document === "undefined" ? usual : parse(document.documentElement.dataset[name]),
    subscribe: (listener: () => void): (() => void) => {
      window.addEventListener(changed, listener)
      return () => window.removeEventListener(changed, listener)
    },
  }
}
