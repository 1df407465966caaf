"use client"

interface Props<Tab extends string> {
  label: string
  /** Name on the tab by its word in the address. */
  tabs: Readonly<Partial<Record<Tab, string>>>
  chosen: Tab
  choose: (tab: Tab) => void
}

/** Tabs that are links: each has an address of its own. */
export function Tabs<Tab extends string>(props: Props<Tab>) {
  return (
    <nav className="tabs" aria-label={props.label}>
      {(Object.keys(props.tabs) as Tab[]).map((tab) => (
        <a
          key={tab}
          href={`?tab=${tab}`}
          aria-current={props.chosen === tab ? "page" : undefined}
          onClick={(event) => {
            event.preventDefault()
            props.choose(tab)
          }}
        >
          {props.tabs[tab]}
        </a>
      ))}
    </nav>
  )
}
