import { Dialog } from "@base-ui/react/dialog"
import { IconX } from "@tabler/icons-react"
import type { DrawerProps } from "../drawer.tsx"
import { MAX_WIDTH, MIN_WIDTH, useWidth } from "./drawer-width.ts"

export function DrawerPart({ title, onClose, tools, name, children }: DrawerProps) {
  const { width, handlers } = useWidth(name)
  return (
    <Dialog.Root open modal={false} disablePointerDismissal onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Popup className="drawer">
          {/* biome-ignore lint/a11y/useSemanticElements: an hr cannot be dragged */}
          <div
            role="separator"
            tabIndex={0}
            className="drawer-edge"
            aria-label="Width"
            aria-orientation="vertical"
            aria-valuenow={width}
            aria-valuemin={MIN_WIDTH}
            aria-valuemax={MAX_WIDTH}
            {...handlers}
          />
          <div className="drawer-head">
            <Dialog.Title className="grow">{title}</Dialog.Title>
            {tools}
            <Dialog.Close className="icon-button" aria-label="Close">
              <IconX size={16} aria-hidden="true" />
            </Dialog.Close>
          </div>
          <div className="drawer-body">{children}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
