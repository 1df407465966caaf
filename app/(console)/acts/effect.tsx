"use client"

import type { ReactNode } from "react"
import { Problems } from "#app/ui/states.tsx"
import type { Previewed } from "#server/administration/index.ts"
import { ActPanel } from "./act-panel.tsx"

interface Props {
  preview: Previewed
  warnings: string[]
  /** The way to do it; shown only when nothing stands in its way. */
  children: ReactNode
}

/** What follows from an act, and then the act itself, or why it cannot be. */
export function Effect(props: Props) {
  return (
    <>
      <Problems problems={props.preview.problems} />
      <ActPanel className="form" label="Act">
        <Warned {...props} />
      </ActPanel>
    </>
  )
}

/** The same inside a panel that is there already. */
export function Warned({ preview, warnings, children }: Props) {
  return (
    <>
      {warnings.map((warning) => (
        <p key={warning} className="warn flat">
          ▲ {warning}
        </p>
      ))}
      {preview.refusal === null ? (
        children
      ) : (
        <p className="bad flat" role="alert">
          {preview.refusal}
        </p>
      )}
    </>
  )
}
