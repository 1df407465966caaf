/** What a cluster is for, beside its name. */
export function EnvironmentTag({ word }: { word: string }) {
  return (
    <span className="tag" title={`Environment: ${word}`}>
      {word}
    </span>
  )
}
