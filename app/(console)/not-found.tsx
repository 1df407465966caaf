"use client"

import { IconMapOff } from "@tabler/icons-react"
import Link from "next/link"
import { EmptyState } from "../ui/empty-state.tsx"

export default function NotFound() {
  return (
    <EmptyState icon={IconMapOff} title="Page not found" level={1}>
      <p>
        It may have been renamed or deleted. Search with <kbd>Ctrl K</kbd>, or start from the overview.
      </p>
      <Link href="/" className="field act">
        Go to the overview
      </Link>
    </EmptyState>
  )
}
