import { notFound } from "next/navigation"

/** Addresses that are nobody's get the console's own page, with the ways on. */
export default function Page() {
  notFound()
}
