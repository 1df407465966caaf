"use client"

import { useQueryClient } from "@tanstack/react-query"
import { useSubscription } from "@trpc/tanstack-react-query"
import { useEffect, useRef } from "react"
import { useTRPC } from "../trpc/client.tsx"
import { tellOfAlerts } from "./alerts/notifications.ts"

const AT_MOST_EVERY_MS = 2000

/**
 * One subscription a tab: when a sweep is stored, what is on the screen is asked again, at most every two seconds, if that
 * is wanted. Alerts are counted and told of in any case. Returns whether the server can be heard.
 */
export function useLive(wanted: boolean): boolean {
  const trpc = useTRPC()
  const client = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const refresh = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      const still = new Set(["systems", "names", "views", "search", "me", "administration", "jobs"])
      void client.invalidateQueries({
        refetchType: "active",
        predicate: (query) => !(query.queryKey[0] as string[]).some((part) => still.has(part)),
      })
    }, AT_MOST_EVERY_MS)
  }
  const subscription = useSubscription(
    trpc.live.sweeps.subscriptionOptions(undefined, {
      onData: (said) => {
        if (said.kind === "alerts") {
          void client.invalidateQueries({ queryKey: trpc.alerts.count.queryKey() })
          void tellOfAlerts(said.fired)
        }
        if (wanted) refresh()
      },
    }),
  )
  return subscription.status === "pending"
}
