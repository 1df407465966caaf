import { toneOf } from "../environment.ts"

/** What a cluster is for, in its colour. */
export function EnvironmentTag({ word }: { word: string }) {
  return (
    <span className="tag environment" data-environment={toneOf(word)} title={`Environment: ${word}`}>
      {word}
    </span>
  )
}
