import type { ReactNode } from "react"

/** A part of the page that is photographed. */
export function Part(props: { name: string; children: ReactNode }) {
  return (
    <section className="panel column" aria-label={props.name}>
      <h2 className="flat">{props.name}</h2>
      {props.children}
    </section>
  )
}
