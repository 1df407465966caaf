import Link from "next/link"

/** A page that is above another. */
export interface Crumb {
  href: string
  label: string
}

/** Where a page stands: the pages above it, outermost first. */
export function Breadcrumb(props: { above: readonly Crumb[] }) {
  return (
    <nav className="breadcrumb" aria-label="Breadcrumb">
      {props.above.map(({ href, label }) => (
        <Link key={href} href={href}>
          {label}
        </Link>
      ))}
    </nav>
  )
}
