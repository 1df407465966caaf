"use client"

import { Drawer } from "../ui/drawer.tsx"
import { KEYS } from "./shortcuts.ts"

/** The keys of the console. */
export default function Help(props: { close: () => void }) {
  return (
    <Drawer title="Keyboard" name="help" onClose={props.close}>
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
    </Drawer>
  )
}
