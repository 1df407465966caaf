"use client"

import { IconBookmark } from "@tabler/icons-react"
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import Link from "next/link"
import { usePathname } from "next/navigation"
import type { SavedView } from "#server/saved-views/index.ts"
import { useMe } from "../access/me.tsx"
import { useTRPC } from "../trpc/client.tsx"
import { Button } from "../ui/button.tsx"
import { Form, useValidity } from "../ui/form.tsx"
import { Popover } from "../ui/popover.tsx"
import { Empty, Query } from "../ui/states.tsx"

/** Pages that were kept under a name, with all that their address says, and the way to keep this one. */
export function ViewsMenu() {
  const trpc = useTRPC()
  const views = useQuery(trpc.views.list.queryOptions())
  return (
    <Popover summary={<IconBookmark size={16} aria-hidden="true" />} label="Saved views">
      <Query of={views}>
        {(list) =>
          list.length === 0 ? (
            <Empty>
              No view is saved yet. A view saves the filters, sort order and time range of a page.
            </Empty>
          ) : (
            <ul className="views">
              {list.map((view) => (
                <View key={view.id} view={view} />
              ))}
            </ul>
          )
        }
      </Query>
      <SaveForm />
    </Popover>
  )
}

function View({ view }: { view: SavedView }) {
  const remove = useMutation(useTRPC().views.remove.mutationOptions({ onSettled: useRefresh() }))
  const { role } = useMe()
  return (
    <li className="row tight">
      <Link href={view.path} className="grow">
        {view.name}
      </Link>
      {view.shared && <span className="quiet help">{view.mine ? "shared" : `by ${view.owner}`}</span>}
      {(view.mine || role === "admin") && (
        <button
          type="button"
          className="field"
          aria-label={`Delete the view ${view.name}`}
          disabled={remove.isPending}
          onClick={() => remove.mutate({ id: view.id })}
        >
          ✕
        </button>
      )}
    </li>
  )
}

function SaveForm() {
  const pathname = usePathname()
  const { field, note } = useValidity({ rule: "Enter a name.", help: false })
  const save = useMutation(useTRPC().views.save.mutationOptions({ onSettled: useRefresh() }))
  const submit = (form: HTMLFormElement) => {
    const filled = new FormData(form)
    const { search } = window.location
    save.mutate(
      {
        name: String(filled.get("name") ?? ""),
        path: pathname + search,
        shared: filled.get("shared") === "on",
      },
      { onSuccess: () => form.reset() },
    )
  }
  return (
    <Form onSubmit={submit} className="stack">
      <div className="form-field">
        <label htmlFor={field.id}>Save this page as</label>
        <input {...field} name="name" className="field" required maxLength={80} autoComplete="off" />
        {note}
      </div>
      <label className="row check">
        <input type="checkbox" name="shared" /> Share with everyone
      </label>
      <Button type="submit" busy={save.isPending}>
        Save view
      </Button>
      {save.error && (
        <p className="bad note" role="alert">
          {save.error.message}
        </p>
      )}
    </Form>
  )
}

function useRefresh(): () => Promise<void> {
  const trpc = useTRPC()
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: trpc.views.list.queryKey() })
}
