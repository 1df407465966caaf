import Link from "next/link"

export default function NotFound() {
  return (
    <section className="panel">
      <h1>Page not found</h1>
      <p>
        What it showed may have been renamed or deleted. Search with Ctrl K, or go to the{" "}
        <Link href="/">overview</Link>.
      </p>
    </section>
  )
}
