"use client"

import { useEffect } from "react"
import { badgedIcon, prefixOf, titled, type worstOf } from "./state-icon.ts"

interface Firing {
  firing: number
  worst: ReturnType<typeof worstOf>
}

/** Says in the title and on the icon of the tab how many alerts fire; as they were, once none does. */
export function useTabBadge({ firing, worst }: Firing): void {
  useEffect(() => keepTitle(firing), [firing])
  useEffect(() => keepIcon(worst === null ? null : badgedIcon(firing, worst)), [firing, worst])
}

/** Each page sets a title of its own, so the number is put before whatever it becomes. Returns what takes it away. */
function keepTitle(firing: number): () => void {
  const prefix = prefixOf(firing)
  const put = () => {
    if (!document.title.startsWith(prefix)) document.title = titled(document.title, { before: "", firing })
  }
  put()
  const observer = new MutationObserver(put)
  observer.observe(document.head, { childList: true, subtree: true, characterData: true })
  return () => {
    observer.disconnect()
    document.title = titled(document.title, { before: prefix, firing: 0 })
  }
}

function keepIcon(address: string | null): () => void {
  const link = document.querySelector<HTMLLinkElement>('link[rel~="icon"]')
  if (link === null || address === null) return () => undefined
  const before = link.href
  link.href = address
  return () => {
    link.href = before
  }
}
