interface Props {
  verb: string
  passed: boolean
  tested: boolean
  busy: boolean
  refusal: string | null
  named: boolean
  again: () => void
  anyway: () => void
}

/** First the test, then what it allows; who knows better goes on all the same. */
export function Acts({ verb, passed, tested, busy, refusal, named, again, anyway }: Props) {
  return (
    <div className="row">
      <button
        type="submit"
        className="field act"
        disabled={busy || refusal !== null}
        title={refusal ?? undefined}
      >
        {passed ? verb : tested ? "Test again" : "Test connection"}
      </button>
      {passed && (
        <button type="button" className="field" disabled={busy} onClick={again}>
          Test again
        </button>
      )}
      {tested && !passed && (
        <button
          type="button"
          className="field"
          disabled={busy || !named}
          onClick={anyway}
          title="Signalbox keeps trying, and the cluster's page shows what fails."
        >
          {verb} anyway
        </button>
      )}
      {refusal && <span className="quiet">{refusal}</span>}
    </div>
  )
}
