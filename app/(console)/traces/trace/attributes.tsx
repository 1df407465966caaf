"use client"

import { IconCopy, IconSearch } from "@tabler/icons-react"
import Link from "next/link"
import { traceSearchPath } from "#app/(console)/paths.ts"
import { showToast } from "#app/ui/toast.ts"
import type { AttributeView } from "#server/traces/index.ts"
import { queryFor, type Scope } from "./query-for.ts"

/** Longer values are folded. */
const LONG = 400

interface Props {
  title: string
  of: readonly AttributeView[]
  scope: Scope
}

/** Attributes, each to be copied and searched for. */
export function Attributes({ title, of, scope }: Props) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {of.length > 0 && (
        <dl className="span-pairs">
          {of.map((attribute, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a key may come twice, and the order never changes.
            <div key={i}>
              <dt>{attribute.key}</dt>
              <dd className="mono">
                <Long text={attribute.value} />
              </dd>
              <dd className="acts">
                <Copy text={attribute.value} label={`Copy ${attribute.key}`} />
                <SearchValue attribute={attribute} scope={scope} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}

function Long({ text }: { text: string }) {
  if (text.length <= LONG) return text
  return (
    <details>
      <summary>{text.slice(0, LONG)}…</summary>
      {text.slice(LONG)}
    </details>
  )
}

function SearchValue({ attribute, scope }: { attribute: AttributeView; scope: Scope }) {
  const query = queryFor(attribute, scope)
  if (query === null) return null
  const label = `Search spans with this ${attribute.key}`
  return (
    <Link className="icon-button" href={traceSearchPath(query)} aria-label={label} title={label}>
      <IconSearch size={14} aria-hidden="true" />
    </Link>
  )
}

export function Copy({ text, label }: { text: string; label: string }) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      onClick={() => void navigator.clipboard.writeText(text).then(() => showToast("Copied."))}
    >
      <IconCopy size={14} aria-hidden="true" />
    </button>
  )
}
