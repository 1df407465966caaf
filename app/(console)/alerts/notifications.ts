"use client"

import { useSyncExternalStore } from "react"
import { withBasePath } from "#app/base-path.ts"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { alertPagePath } from "../paths.ts"

type Alert = Pick<
  RouterOutputs["alerts"]["list"]["rows"][number],
  "id" | "rule" | "severity" | "cluster" | "sentence"
>

/** off and on are chosen; the others are what the browser allows. */
export type Notifying = "unsupported" | "denied" | "off" | "on"

const CHOSEN = "signalbox.notifications"
const TOLD = "signalbox.notified"
const CHANGED = "signalbox-notifications"
/** Ids that are remembered, so that no tab tells of an alert again. */
const MAX_TOLD = 500
/** More at once are told of together. */
const MAX_SINGLE = 5

/** Whether this browser tells of alerts that fire. null before the page lives. */
export function useNotifying(): Notifying | null {
  return useSyncExternalStore(subscribe, current, () => null)
}

function current(): Notifying {
  // Without HTTPS a browser has neither.
  if (!("Notification" in window) || !("locks" in navigator)) return "unsupported"
  if (Notification.permission === "denied") return "denied"
  return Notification.permission === "granted" && localStorage.getItem(CHOSEN) === "on" ? "on" : "off"
}

/** Switches notifications of this browser on or off; on asks for the permission, so it is to be called by a click. */
export async function setNotifying(on: boolean): Promise<void> {
  const granted = on && (await Notification.requestPermission()) === "granted"
  if (granted) localStorage.setItem(CHOSEN, "on")
  else localStorage.removeItem(CHOSEN)
  window.dispatchEvent(new Event(CHANGED))
}

/** Tells of alerts that have just fired, once each however many tabs are open, if this browser is to. */
export async function tellOfAlerts(fired: readonly Alert[]): Promise<void> {
  if (fired.length === 0 || current() !== "on" || !(await isTeller())) return
  const told = readTold()
  const news = fired.filter(({ id }) => !told.includes(id))
  if (news.length === 0) return
  localStorage.setItem(TOLD, JSON.stringify([...told, ...news.map(({ id }) => id)].slice(-MAX_TOLD)))
  if (news.length <= MAX_SINGLE) for (const alert of news) show(alert)
  else showMany(news)
}

let asking: Promise<boolean> | null = null

/**
 * Whether this tab is the one that tells: the first that had something to tell, until it is closed. Tabs that took turns
 * would tell twice: what one writes into local storage, another may not see yet.
 */
function isTeller(): Promise<boolean> {
  asking ??= new Promise<boolean>((resolve) => {
    navigator.locks
      .request(TOLD, { ifAvailable: true }, (lock) => {
        resolve(lock !== null)
        return lock && new Promise<never>(() => undefined)
      })
      .catch(() => resolve(false))
  }).then((granted) => {
    if (!granted) asking = null
    return granted
  })
  return asking
}

function show({ id, rule, severity, cluster, sentence }: Alert): void {
  const title = cluster === null ? `${rule} (${severity})` : `${rule} (${severity}) on ${cluster}`
  open(new Notification(title, { body: sentence, tag: `signalbox-alert-${id}` }), alertPagePath(id))
}

function showMany(news: readonly Alert[]): void {
  const rules = [...new Set(news.map(({ rule }) => rule))].join(", ")
  const tag = `signalbox-alerts-${news[0]?.id}`
  open(new Notification(`${news.length} alerts fired`, { body: rules, tag }), "/alerts")
}

function open(notification: Notification, path: string): void {
  notification.onclick = () => {
    window.focus()
    window.location.assign(withBasePath(path))
  }
}

function readTold(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(TOLD) ?? "[]")
    return Array.isArray(stored) ? stored.map(String) : []
  } catch {
    return []
  }
}

function subscribe(listener: () => void): () => void {
  let status: PermissionStatus | null = null
  // Somebody may change it in the settings of the browser meanwhile.
  navigator.permissions?.query({ name: "notifications" }).then(
    (found) => {
      status = found
      found.onchange = listener
    },
    () => undefined,
  )
  window.addEventListener("storage", listener)
  window.addEventListener(CHANGED, listener)
  return () => {
    if (status) status.onchange = null
    window.removeEventListener("storage", listener)
    window.removeEventListener(CHANGED, listener)
  }
}
