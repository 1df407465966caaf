"use client"

import { useEffect, useRef } from "react"
import { KEYS } from "./shortcuts.ts"

/** The keys of the console. */
export default function Help(props: { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className="panel help-dialog" aria-label="Keyboard" onClose={props.close}>
      <h2>Keyboard</h2>
      <dl className="keys">
        {KEYS.map(([keys, does]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit" className="field">
          Close
        </button>
      </form>
    </dialog>
  )
}
