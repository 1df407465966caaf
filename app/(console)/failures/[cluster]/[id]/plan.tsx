"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server"
import { useTRPC } from "#app/trpc/client.tsx"
import { Button } from "#app/ui/button.tsx"
import { Diff } from "#app/ui/diff.tsx"
import { count, duration, exact, plural } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { MutationError } from "#app/ui/states.tsx"
import type { AppRouter } from "#server/trpc/router.ts"
import type { Which } from "./order.ts"

type Input = inferRouterInputs<AppRouter>["failures"]["planReplay"]
type Change = NonNullable<NonNullable<NonNullable<Input["order"]>["mend"]>["changes"]>[number]

export interface Planned {
  which: Which
  input: Input
  plan: inferRouterOutputs<AppRouter>["failures"]["planReplay"]
}

/** What the replay would do, in numbers and on examples, and the button that does it. */
export function Plan(props: { planned: Planned; cancel: () => void; over: (job: string) => void }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { plan, input } = props.planned
  const sent = plan.total - plan.notSent
  const messages = plural(sent, "message", "messages")
  const start = useMutation(
    trpc.failures.startReplay.mutationOptions({
      onSuccess: async ({ id }) => {
        props.over(id)
        await client.invalidateQueries({ queryKey: trpc.failures.pathKey() })
        await client.invalidateQueries({ queryKey: trpc.live.jobs.queryKey() })
      },
    }),
  )
  return (
    <section aria-label="Preview">
      <h2>{sent === 0 ? "Nothing would be sent" : `${messages} would be sent`}</h2>
      {plan.total > 0 && (
        <ul>
          {plan.targets.map((target) => (
            <li key={target.destination ?? ""}>
              {count(target.messages)} to{" "}
              <strong>{target.destination ?? "unknown origin: choose a target topic"}</strong>
            </li>
          ))}
          {plan.oldest !== null && plan.newest !== null && (
            <li>
              failed between <Moment at={plan.oldest} /> and <Moment at={plan.newest} />
            </li>
          )}
          <li>{plan.takesMs === null ? "without a rate limit" : `takes about ${duration(plan.takesMs)}`}</li>
          {(input.order?.mend?.changes ?? []).map((change) => (
            <li key={JSON.stringify(change)}>{saysOf(change)}</li>
          ))}
        </ul>
      )}
      {plan.warnings.map((warning) => (
        <p key={warning} className="warn">
          {warning}
        </p>
      ))}
      <div className="scroll-y">
        {plan.samples.map((sample) => (
          <div key={sample.letter.id}>
            <p className="quiet">
              Partition {sample.letter.partition}, offset {exact(Number(sample.letter.offset))}
              {sample.problem ? `: ${sample.problem}` : !sample.changed && ": sent as it is"}
            </p>
            {sample.changed && (
              <Diff
                before={sample.before?.text ?? ""}
                after={sample.after?.text ?? ""}
                label={`Change of offset ${sample.letter.offset} of partition ${sample.letter.partition}`}
              />
            )}
          </div>
        ))}
      </div>
      <div className="row">
        <Button
          className="field act"
          refusal={sent === 0 ? "There is nothing to send." : null}
          busy={start.isPending}
          onClick={() => start.mutate({ ...input, upTo: plan.upTo })}
        >
          Replay {messages}
        </Button>
        <button type="button" className="field" onClick={props.cancel}>
          Cancel
        </button>
        <MutationError of={start} inline />
      </div>
    </section>
  )
}

function saysOf(change: Change): string {
  const where = change.path.length === 0 ? "the value" : change.path.join(".")
  switch (change.op) {
    case "replace":
      return `in ${where}, “${change.find}” becomes “${change.with}”`
    case "number":
      return `${where} becomes the number that it says`
    case "set":
      return `${where} becomes ${change.json.slice(0, 200)} in each of them`
    case "remove":
      return `${where} is removed`
  }
}
