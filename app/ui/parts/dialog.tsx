import { Dialog } from "@base-ui/react/dialog"
import { IconX } from "@tabler/icons-react"
import type { DialogProps } from "../dialog.tsx"

export function DialogPart({ title, untitled, onClose, className, environment, children }: DialogProps) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className={`dialog ${className ?? ""}`} data-environment={environment ?? undefined}>
          <div className={untitled ? "unseen" : "row"}>
            <Dialog.Title className="grow">{title}</Dialog.Title>
            {!untitled && (
              <Dialog.Close className="icon-button" aria-label="Close">
                <IconX size={16} aria-hidden="true" />
              </Dialog.Close>
            )}
          </div>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
