import { ComboboxPart } from "./combobox.tsx"
import { DialogPart } from "./dialog.tsx"
import { DrawerPart } from "./drawer.tsx"
import { MenuChoicePart, MenuItemPart, MenuLinkPart, MenuPart } from "./menu.tsx"
import { PopoverPart } from "./popover.tsx"
import { SelectPart } from "./select.tsx"

export const PARTS = {
  ComboboxPart,
  DialogPart,
  DrawerPart,
  MenuChoicePart,
  MenuItemPart,
  MenuLinkPart,
  MenuPart,
  PopoverPart,
  SelectPart,
}
