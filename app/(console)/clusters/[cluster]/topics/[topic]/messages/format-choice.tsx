"use client"

import { useMutation } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import { Select } from "#app/ui/select.tsx"
import { FORMATS } from "#server/messages/decode/format.ts"
import { NAMES } from "./part.tsx"
import { formatsOf, type Place, useMessageState } from "./state.ts"

/** How keys or values are read. A choice is in the address, and remembered for the topic. */
export function FormatChoice(props: { place: Place; which: "kf" | "vf"; label: string }) {
  const trpc = useTRPC()
  const [state, set] = useMessageState()
  const remember = useMutation(trpc.messages.remember.mutationOptions())
  const choose = (format: string) => {
    const next = { ...state, [props.which]: format }
    void set({ [props.which]: format })
    remember.mutate({ ...props.place, key: "auto", value: "auto", ...formatsOf(next) })
  }
  return (
    <span className="row tight">
      <span className="quiet" aria-hidden="true">
        {props.label}
      </span>
      <Select
        label={props.label}
        value={state[props.which]}
        options={[
          { value: "", label: "last used" },
          ...FORMATS.map((value) => ({ value, label: NAMES[value] })),
        ]}
        onChange={choose}
      />
    </span>
  )
}
