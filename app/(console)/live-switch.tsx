"use client"

import { parseAsBoolean, useQueryState } from "nuqs"
import { useSyncExternalStore } from "react"
import { type Look, ShapeIcon } from "#app/ui/mark.tsx"
import { useRange, useRangeText } from "#app/ui/range/use-range.ts"
import { useLive } from "./live.ts"

const SHOWN = {
  Live: { tone: "good", shape: "dot", help: "Live updates on. Click to pause." },
  Reconnecting: {
    tone: "warn",
    shape: "triangle",
    help: "Signalbox does not answer. What is shown may be old.",
  },
  Offline: { tone: "warn", shape: "triangle", help: "This browser is offline. What is shown may be old." },
  Paused: { tone: "quiet", shape: "ring", help: "Live updates paused. Click to resume." },
  "Fixed range": {
    tone: "quiet",
    shape: "diamond",
    help: "The time range has a fixed end, so charts do not move. Click for the last hour.",
  },
} satisfies Record<string, Look & { help: string }>

/** Whether what is on the screen follows the sweeps; in the address, so that a copied link stays as it is. */
export function LiveSwitch() {
  const [wanted, setWanted] = useQueryState("live", parseAsBoolean.withDefault(true))
  const heard = useLive(wanted)
  const online = useOnline()
  const range = useRange()
  const [, setRange] = useRangeText()
  const isFixed = range !== null && !range.moving
  const word = wordFor({ wanted, heard, online, isFixed })
  const { tone, shape, help } = SHOWN[word]
  const click = () => {
    if (wanted && isFixed) setRange(null)
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
      <span className={`status ${tone}`}>
        <ShapeIcon of={shape} />
      </span>
      {word}
    </button>
  )
}

function wordFor(of: { wanted: boolean; heard: boolean; online: boolean; isFixed: boolean }) {
  if (!of.wanted) return "Paused"
  if (!of.online) return "Offline"
  if (!of.heard) return "Reconnecting"
  return of.isFixed ? "Fixed range" : "Live"
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
