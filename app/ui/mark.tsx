import {
  IconAlertTriangleFilled,
  IconCheck,
  IconCircle,
  IconCircleFilled,
  IconClock,
  IconDiamondFilled,
  IconHelpCircle,
  IconRotate2,
  IconSquareFilled,
  IconTriangleFilled,
  IconX,
} from "@tabler/icons-react"
import type { ReactNode } from "react"

/** The shapes of all statuses, so that two of one colour are told apart. The size makes them look equally large. */
const SHAPES = {
  dot: { Icon: IconCircleFilled, size: 9 },
  ring: { Icon: IconCircle, size: 11 },
  question: { Icon: IconHelpCircle, size: 13 },
  triangle: { Icon: IconTriangleFilled, size: 11 },
  arrow: { Icon: IconRotate2, size: 13 },
  diamond: { Icon: IconDiamondFilled, size: 12 },
  square: { Icon: IconSquareFilled, size: 11 },
  cross: { Icon: IconX, size: 13 },
  warning: { Icon: IconAlertTriangleFilled, size: 13 },
  clock: { Icon: IconClock, size: 13 },
  check: { Icon: IconCheck, size: 13 },
} as const

type Shape = keyof typeof SHAPES
export type Tone = "good" | "warn" | "bad" | "notice" | "quiet"

/** How a status looks wherever it is shown. */
export interface Look {
  shape: Shape
  tone: Tone
}

interface Props {
  look: Look
  /** Behind it: nothing, its tint, or its full colour. Default: the tint where it says that something is wrong. */
  on?: "nothing" | "fill" | "solid"
  title?: string
  children: ReactNode
}

/** The shape alone, for where the word stands elsewhere. */
export function ShapeIcon(props: { of: Shape }) {
  const { Icon, size } = SHAPES[props.of]
  return <Icon size={size} stroke={2.5} aria-hidden="true" />
}

/** A status: a shape and a word, then a colour. */
export function Mark({ look, on, title, children }: Props) {
  const wrong = look.tone === "bad" || look.tone === "warn" || look.tone === "notice"
  const ground = on ?? (wrong ? "fill" : "nothing")
  return (
    <span className={`status ${look.tone}${ground === "nothing" ? "" : ` ${ground}`}`} title={title}>
      <ShapeIcon of={look.shape} />
      <span>{children}</span>
    </span>
  )
}
