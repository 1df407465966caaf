import { Select } from "@base-ui/react/select"
import { IconCheck, IconChevronDown } from "@tabler/icons-react"
import { namesOf, type Option, type SelectProps, type Started } from "../select.tsx"
import { useTakenOver } from "./taken-over.ts"

export function SelectPart<Value extends string>({ of, start }: Started<SelectProps<Value>>) {
  const { ref, wasOpen } = useTakenOver(start)
  const { role: _, ...names } = namesOf(of)
  const grouped = Map.groupBy(of.options, (one) => one.group)
  return (
    <Select.Root
      items={of.options}
      value={of.value}
      defaultOpen={wasOpen}
      disabled={of.disabled}
      modal={false}
      onValueChange={(value) => value !== null && of.onChange(value)}
    >
      <Select.Trigger ref={ref} className="field select" {...names}>
        <Select.Value className="value" />
        <IconChevronDown size={14} aria-hidden="true" />
      </Select.Trigger>
      <Select.Portal>
        <Select.Positioner className="popup" align="start" sideOffset={4} alignItemWithTrigger={false}>
          <Select.Popup className="list-popup">
            <Select.List className="list">
              {[...grouped].map(([group, options]) =>
                group === undefined ? (
                  options.map((one) => <Item key={one.value} of={one} />)
                ) : (
                  <Select.Group key={group}>
                    <Select.GroupLabel className="group-label">{group}</Select.GroupLabel>
                    {options.map((one) => (
                      <Item key={one.value} of={one} />
                    ))}
                  </Select.Group>
                ),
              )}
            </Select.List>
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  )
}

function Item({ of }: { of: Option }) {
  return (
    <Select.Item value={of.value} className="option">
      <Select.ItemText className="grow">{of.label}</Select.ItemText>
      <Select.ItemIndicator className="chosen">
        <IconCheck size={14} aria-hidden="true" />
      </Select.ItemIndicator>
    </Select.Item>
  )
}
