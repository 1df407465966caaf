"use client"

import { parseAsBoolean, useQueryState } from "nuqs"
import { useSyncExternalStore } from "react"
import { useRange, useZoom } from "#app/ui/range.tsx"
import { useLive } from "./live.ts"

const SHOWN = {
  live: { tone: "good", mark: "●", help: "Live updates on. Click to pause." },
  reconnecting: { tone: "warn", mark: "▲", help: "Signalbox does not answer. What is shown may be old." },
  offline: { tone: "warn", mark: "▲", help: "This browser is offline. What is shown may be old." },
  paused: { tone: "quiet", mark: "○", help: "Live updates paused. Click to resume." },
  "fixed range": {
    tone: "quiet",
    mark: "◆",
    help: "The time range has a fixed end, so charts do not move. Click for the last hour.",
  },
} as const

/** Whether what is on the screen follows the sweeps; in the address, so that a copied link stays as it is. */
export function LiveSwitch() {
  const [wanted, setWanted] = useQueryState("live", parseAsBoolean.withDefault(true))
  const heard = useLive(wanted)
  const online = useOnline()
  const range = useRange()
  const zoom = useZoom()
  const isFixed = range !== null && !range.moving
  const word = wordFor({ wanted, heard, online, isFixed })
  const { tone, mark, help } = SHOWN[word]
  const click = () => {
    if (wanted && isFixed) zoom(null)
    else void setWanted(!wanted)
  }
  return (
    <button
      type="button"
      className="field live"
      aria-pressed={wanted && !isFixed}
      title={help}
      onClick={click}
    >
      <span aria-hidden="true" className={tone}>
        {mark}
      </span>{" "}
      {word}
    </button>
  )
}

function wordFor(of: { wanted: boolean; heard: boolean; online: boolean; isFixed: boolean }) {
  if (!of.wanted) return "paused"
  if (!of.online) return "offline"
  if (!of.heard) return "reconnecting"
  return of.isFixed ? "fixed range" : "live"
}

function listen(changed: () => void): () => void {
  addEventListener("online", changed)
  addEventListener("offline", changed)
  return () => {
    removeEventListener("online", changed)
    removeEventListener("offline", changed)
  }
}

/** Whether the browser has a network. */
function useOnline(): boolean {
  return useSyncExternalStore(
    listen,
    () => navigator.onLine,
    () => true,
  )
}
