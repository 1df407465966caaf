"use client"

import { useQuery } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import { TextField } from "#app/ui/form-field.tsx"
import { type Fields, problemOf } from "./fields.ts"

/** Which series a rule watches. */
export function ScopeFields({ draft, signal, problems, set }: Fields) {
  const problem = (field: string) => problemOf(problems, field)
  const labels = signal?.labels ?? []
  const isOpen = ["scope.exclude", "scope.environments", "scope.labels", "flapping"].some(
    (one) => problem(one) !== null,
  )
  return (
    <>
      <h2>Scope</h2>
      <Clusters draft={draft} set={set} />
      {signal?.subject !== "signalbox" && (
        <TextField
          label="Names to include"
          mono
          rows={2}
          hint="orders-*"
          value={draft.include}
          onChange={(include) => set({ include })}
          problem={problem("scope.include")}
          help="One a line; * stands for any text. Empty: all."
        />
      )}
      <details open={isOpen || undefined}>
        <summary>More about the scope, and flapping</summary>
        <div className="column">
          <TextField
            label="Names to exclude"
            mono
            rows={2}
            value={draft.exclude}
            onChange={(exclude) => set({ exclude })}
            problem={problem("scope.exclude")}
          />
          <TextField
            label="Environments"
            mono
            rows={2}
            hint="production"
            value={draft.environments}
            onChange={(environments) => set({ environments })}
            problem={problem("scope.environments")}
            help="Of clusters, one a line. Empty: all."
          />
          {labels.length > 0 && (
            <TextField
              label="Labels of series"
              mono
              rows={2}
              hint={`${labels[0]}=orders-*`}
              value={draft.scopeLabels}
              onChange={(scopeLabels) => set({ scopeLabels })}
              problem={problem("scope.labels")}
              help={`One a line: ${labels.join(", ")}.`}
            />
          )}
          <div className="field-pair">
            <TextField
              label="Flapping after changes"
              mono
              value={draft.flappingChanges}
              onChange={(flappingChanges) => set({ flappingChanges })}
              problem={problem("flapping.changes")}
              help="Held as one alert from then on; 0: never."
            />
            <TextField
              label="Within"
              mono
              value={draft.flappingWithinMs}
              onChange={(flappingWithinMs) => set({ flappingWithinMs })}
              problem={problem("flapping.withinMs")}
            />
          </div>
        </div>
      </details>
    </>
  )
}

function Clusters({ draft, set }: Pick<Fields, "draft" | "set">) {
  const trpc = useTRPC()
  const { data = [] } = useQuery(trpc.clusters.names.queryOptions())
  // What the rule names stays to be seen, though it may be gone or hidden.
  const unknown = draft.clusters.filter((slug) => !data.some((one) => one.slug === slug))
  const all = [...data, ...unknown.map((slug) => ({ slug, name: slug }))]
  return (
    <fieldset className="plain form-field">
      <legend className="strong">Clusters</legend>
      <div className="row">
        {all.map(({ slug, name }) => (
          <label key={slug} className="row check">
            <input
              type="checkbox"
              checked={draft.clusters.includes(slug)}
              onChange={({ target }) =>
                set({
                  clusters: target.checked
                    ? [...draft.clusters, slug]
                    : draft.clusters.filter((one) => one !== slug),
                })
              }
            />
            {name}
          </label>
        ))}
      </div>
      <p className="quiet note">None chosen: all clusters, also those that are connected later.</p>
    </fieldset>
  )
}
