import type { ReactNode } from "react"
import { Breadcrumb, type Crumb } from "./breadcrumb.tsx"
import type { Tone } from "./mark.tsx"

interface Props {
  /** Pages above it; none: it is the first. */
  above: readonly Crumb[]
  title: string
  /** Its status. */
  badge?: ReactNode
  /** What it is, in a few words. */
  kind?: ReactNode
  /** How old its numbers are. */
  age?: ReactNode
  /** What can be done to it: one or two buttons, the rest in a menu. */
  acts?: ReactNode
  /** The sentence of its status, numbers, notes. */
  children?: ReactNode
}

/** The head of a page about one thing, the same for all things. */
export function PageHead({ above, title, badge, kind, age, acts, children }: Props) {
  return (
    <header className="page-head">
      {above.length > 0 && <Breadcrumb above={above} />}
      <div className="row title">
        <h1>{title}</h1>
        {badge}
        {kind && <span className="quiet">{kind}</span>}
        <span className="grow" />
        {age}
        {acts && <div className="row acts">{acts}</div>}
      </div>
      {children}
    </header>
  )
}

/** What is to be said of a thing's status, on the tint of its tone: the sentence, what to do, and the way there. */
export function StatusStrip(props: { tone: Tone; sentence: string; advice?: ReactNode; act?: ReactNode }) {
  return (
    <div className={`strip ${props.tone}`}>
      <div className="grow">
        <p className="sentence">{props.sentence}</p>
        {props.advice && <p>{props.advice}</p>}
      </div>
      {props.act}
    </div>
  )
}
