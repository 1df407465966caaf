"use client"

import { useMutation } from "@tanstack/react-query"
import { useState } from "react"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterInputs } from "#app/trpc/types.ts"
import { plural } from "#app/ui/format.ts"
import { readLines } from "./draft.ts"
import type { Place } from "./state.ts"

type Messages = RouterInputs["messages"]["produce"]["messages"]

/** Sends the messages of a JSON Lines file, as this page downloads them. */
export function SendFile({ place }: { place: Place }) {
  const trpc = useTRPC()
  const [read, setRead] = useState<ReturnType<typeof readLines> | null>(null)
  const refused = useRefusal("message.produce", place.cluster)
  const send = useMutation(trpc.messages.produce.mutationOptions())
  const choose = async (file: File | undefined) => {
    send.reset()
    setRead(file ? readLines(await file.text()) : null)
  }
  const problem = read?.problem ?? send.error?.message
  return (
    <div className="form">
      <label className="form-field">
        <span>
          A JSON Lines file: on each line an object with key, value, headers (name, value) and partition.
        </span>
        <input
          type="file"
          className="field"
          accept=".jsonl,.ndjson,.json,application/x-ndjson"
          onChange={(event) => void choose(event.target.files?.[0])}
        />
      </label>
      {problem && (
        <p className="bad" role="alert">
          {problem}
        </p>
      )}
      <div className="row">
        <button
          type="button"
          className="field act"
          disabled={refused !== null || !read || read.problem !== null || send.isPending}
          title={refused ?? undefined}
          // What is no message is refused by the server, which checks every line.
          onClick={() => send.mutate({ ...place, messages: (read?.messages ?? []) as Messages })}
        >
          {read && !read.problem ? `Send ${plural(read.messages.length, "message", "messages")}` : "Send"}
        </button>
        {refused && <span className="quiet">{refused}</span>}
        {send.data && (
          <span className="good" role="status">
            {plural(send.data.positions.length, "message was", "messages were")} sent.
          </span>
        )}
      </div>
    </div>
  )
}
