"use client"

import { type Notifying, setNotifying, useNotifying } from "./notifications.ts"

const WHY: Partial<Record<Notifying, string>> = {
  unsupported: "This browser shows no notifications here: they need HTTPS, or localhost.",
  denied:
    "Notifications are blocked for this site: allow them in the settings of the browser, then switch them on.",
}

/** Whether this browser tells of each alert that fires; its permission is asked for when it is switched on. */
export function NotificationSwitch() {
  const state = useNotifying()
  if (state === null) return null
  const why = WHY[state]
  return (
    <span className="row tight">
      <label
        className="row check"
        title="One for each alert that fires and that you may see, in this browser only."
      >
        <input
          type="checkbox"
          role="switch"
          checked={state === "on"}
          aria-checked={state === "on"}
          disabled={why !== undefined}
          onChange={({ target }) => void setNotifying(target.checked)}
        />
        Notifications in this browser
      </label>
      {why !== undefined && <span className="quiet note wrap">{why}</span>}
    </span>
  )
}
