/*
 * Fields, filters and tabs live in the address, where nuqs writes them with the history API. Next hears of each write and
 * renders it in a transition; when that is committed, it writes the address it rendered. On a busy machine that one is
 * older than what was written meanwhile, and a field that had just been filled would be lost with it.
 */

/** Where Next keeps its state of a history entry (client/components/app-router.tsx). */
const TREE = "__PRIVATE_NEXTJS_INTERNALS_TREE"

type Write = History["replaceState"]

/**
 * Keeps the newest address when Next writes one that it has rendered late. To be called once, before Next starts: this then
 * is the innermost of all that watch the history.
 */
export function keepNewestUrl(history: History, location: Location): void {
  const replace = history.replaceState.bind(history)
  const push = history.pushState.bind(history)
  /** Written by pages, and not rendered by Next so far; oldest first. */
  let waiting: string[] = []
  let rendered = location.href
  const absolute = (url: Parameters<Write>[2]) => (url ? new URL(url, location.href).href : location.href)
  const isOfPage = (data: unknown) => [undefined, treeOf(history.state)].includes(treeOf(data))
  const goTo = (href: string) => {
    waiting = []
    rendered = href
  }

  history.replaceState = (data, unused, url) => {
    const href = absolute(url)
    if (isOfPage(data)) {
      waiting.push(href)
      return replace(data, unused, url)
    }
    const place = waiting.indexOf(href)
    // Neither what a page wrote nor what was rendered before: a link was followed.
    if (place < 0 && href !== rendered) goTo(href)
    waiting = waiting.slice(place + 1)
    rendered = href
    return replace(data, unused, waiting.length > 0 ? location.href : url)
  }
  history.pushState = (data, unused, url) => {
    if (isOfPage(data)) waiting.push(absolute(url))
    else goTo(absolute(url))
    return push(data, unused, url)
  }
  addEventListener("popstate", () => goTo(location.href))
}

/** A new one where Next writes; what pages write has none, or Next has added the one that is there. */
function treeOf(data: unknown): unknown {
  return typeof data === "object" && data !== null && TREE in data ? data[TREE] : undefined
}
