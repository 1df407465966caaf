import { Popover } from "@base-ui/react/popover"
import { useState } from "react"
import type { PopoverProps } from "../popover.tsx"
import type { Started } from "../select.tsx"
import { useTakenOver } from "./taken-over.ts"

export function PopoverPart({ of, start }: Started<PopoverProps>) {
  const { ref, wasOpen } = useTakenOver(start)
  const [open, setOpen] = useState(wasOpen)
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        ref={ref}
        className={of.className ?? "field"}
        aria-label={of.named ? undefined : of.label}
        disabled={of.disabled}
      >
        {of.summary}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="popup" align={of.align ?? "end"} sideOffset={4} collisionPadding={8}>
          <Popover.Popup
            className="list-popup box"
            aria-label={of.label}
            onClick={(event) => {
              // Who follows a link leaves.
              if (event.target instanceof Element && event.target.closest("a")) setOpen(false)
            }}
          >
            {typeof of.children === "function" ? of.children(() => setOpen(false)) : of.children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
