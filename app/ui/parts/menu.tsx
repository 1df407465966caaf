import { Menu } from "@base-ui/react/menu"
import { IconCheck } from "@tabler/icons-react"
import Link from "next/link"
import type { MenuChoiceProps, MenuItemProps, MenuLinkProps, MenuProps } from "../menu.tsx"
import type { Started } from "../select.tsx"
import { useTakenOver } from "./taken-over.ts"

export function MenuPart({ of, start }: Started<MenuProps>) {
  const { ref, wasOpen } = useTakenOver(start)
  return (
    <Menu.Root defaultOpen={wasOpen} modal={false}>
      <Menu.Trigger ref={ref} className="field" aria-label={of.label}>
        {of.summary}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="popup" align="end" sideOffset={4}>
          <Menu.Popup className="list-popup list">{of.children}</Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}

export function MenuItemPart({ children, onClick, refusal, danger }: MenuItemProps) {
  return (
    <Menu.Item
      className={danger ? "option danger" : "option"}
      disabled={Boolean(refusal)}
      title={refusal ?? undefined}
      onClick={onClick}
    >
      {children}
      {refusal && <span className="unseen"> ({refusal})</span>}
    </Menu.Item>
  )
}

export function MenuLinkPart({ href, children, danger }: MenuLinkProps) {
  return (
    <Menu.LinkItem className={danger ? "option danger" : "option"} closeOnClick render={<Link href={href} />}>
      {children}
    </Menu.LinkItem>
  )
}

export function MenuChoicePart<Value extends string>({ label, value, of, onChange }: MenuChoiceProps<Value>) {
  return (
    <Menu.RadioGroup value={value} onValueChange={onChange} aria-label={label}>
      <div className="group-label" aria-hidden="true">
        {label}
      </div>
      {(Object.keys(of) as Value[]).map((one) => (
        <Menu.RadioItem key={one} value={one} className="option">
          <span className="grow">{of[one]}</span>
          <Menu.RadioItemIndicator className="chosen">
            <IconCheck size={14} aria-hidden="true" />
          </Menu.RadioItemIndicator>
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  )
}
