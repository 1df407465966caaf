"use client"

import { parseAsBoolean, useQueryState } from "nuqs"
import { useLive } from "./live.ts"

/** Whether what is on the screen follows the sweeps; in the address, so that a copied link stays as it is. */
export function LiveSwitch() {
  const [wanted, setWanted] = useQueryState("live", parseAsBoolean.withDefault(true))
  const heard = useLive(wanted)
  const word = wanted ? (heard ? "live" : "reconnecting") : "paused"
  return (
    <button
      type="button"
      className="field live"
      aria-pressed={wanted}
      title={wanted ? "Live updates on. Click to pause." : "Live updates paused. Click to resume."}
      onClick={() => void setWanted(!wanted)}
    >
      <span aria-hidden="true" className={wanted ? (heard ? "good" : "warn") : "quiet"}>
        {wanted ? (heard ? "●" : "▲") : "○"}
      </span>{" "}
      {word}
    </button>
  )
}
