"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { planPath } from "#app/(console)/paths.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { showToast } from "#app/ui/toast.ts"
import type { PlanView } from "#server/offsets/index.ts"

/** What every act needs: after it the plan is asked for again. */
export function useAct(plan: PlanView) {
  const client = useQueryClient()
  const trpc = useTRPC()
  const router = useRouter()
  const refresh = () => client.invalidateQueries({ queryKey: trpc.offsets.pathKey() })
  const key = { cluster: plan.cluster, group: plan.group, plan: plan.id }
  const undo = useMutation(
    trpc.offsets.undo.mutationOptions({
      onSuccess: (made) => router.push(planPath(plan.cluster, plan.group, made.plan)),
    }),
  )
  const apply = useMutation(
    trpc.offsets.applyPlan.mutationOptions({
      onSettled: refresh,
      onSuccess: (done) => {
        if (done.outcome === "moved")
          router.push(`${planPath(plan.cluster, plan.group, done.plan)}?moved=true`)
        else if (done.outcome === "applied")
          showToast(`Offsets of ${plan.group} were reset.`, { label: "Undo", run: () => undo.mutate(key) })
      },
    }),
  )
  const arm = useMutation(trpc.offsets.arm.mutationOptions({ onSettled: refresh }))
  const cancel = useMutation(trpc.offsets.cancel.mutationOptions({ onSettled: refresh }))
  return { key, apply, arm, cancel }
}
