import type { ComponentType, ReactNode } from "react"

interface Props {
  icon: ComponentType<{ size: number; stroke: number; "aria-hidden": "true" }>
  title: string
  /** Of its heading; default: 2. */
  level?: 1 | 2
  /** What would be here in one sentence, and the button that leads there. */
  children: ReactNode
}

/** Where there is nothing to show: why, and what to do. */
export function EmptyState({ icon: Icon, title, level = 2, children }: Props) {
  const Heading = level === 1 ? "h1" : "h2"
  return (
    <section className="empty-state">
      <span className="empty-icon">
        <Icon size={24} stroke={1.5} aria-hidden="true" />
      </span>
      <Heading>{title}</Heading>
      {children}
    </section>
  )
}
