import { Combobox } from "@base-ui/react/combobox"
import { IconCheck, IconSelector } from "@tabler/icons-react"
import type { ComboboxOption, ComboboxProps } from "../combobox.tsx"
import type { Started } from "../select.tsx"
import { useTakenOver } from "./taken-over.ts"

/** How many are drawn at once: who looks for one of thousands types. */
const MAX_DRAWN = 200

export function ComboboxPart({ of, start }: Started<ComboboxProps>) {
  const { ref, wasOpen } = useTakenOver(start)
  const { onSearch } = of
  const chosen =
    of.options.find((one) => one.value === of.value) ??
    (of.value === null ? null : { value: of.value, label: of.value })
  return (
    <Combobox.Root<ComboboxOption>
      items={of.options}
      value={chosen}
      defaultOpen={wasOpen}
      limit={MAX_DRAWN}
      autoHighlight
      {...(of.disabled === undefined ? {} : { disabled: of.disabled })}
      {...(onSearch ? { filter: null, onInputValueChange: (q: string) => onSearch(q) } : {})}
      isItemEqualToValue={(item, value) => item.value === value.value}
      onValueChange={(next) => next && of.onChange(next.value)}
    >
      <Combobox.Trigger ref={ref} id={of.id} className="field select" aria-label={of.label}>
        <span className={chosen ? "value" : "value quiet"}>{chosen?.label ?? of.placeholder}</span>
        <IconSelector size={14} aria-hidden="true" />
      </Combobox.Trigger>
      <Combobox.Portal>
        <Combobox.Positioner className="popup" align="start" sideOffset={4}>
          <Combobox.Popup className="list-popup" aria-label={of.label}>
            <Combobox.Input className="list-search" placeholder="Search" aria-label={`Search: ${of.label}`} />
            <Combobox.Empty className="list-empty">{of.empty}</Combobox.Empty>
            <Combobox.List className="list">
              {(one: ComboboxOption) => (
                <Combobox.Item key={one.value} value={one} className="option">
                  <span className="grow">{one.label}</span>
                  {one.note && <span className="quiet help">{one.note}</span>}
                  <Combobox.ItemIndicator className="chosen">
                    <IconCheck size={14} aria-hidden="true" />
                  </Combobox.ItemIndicator>
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  )
}
