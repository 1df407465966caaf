import { Button } from "#app/ui/button.tsx"

interface Props {
  verb: string
  passed: boolean
  tested: boolean
  busy: boolean
  refusal: string | null
  again: () => void
  anyway: () => void
}

/** First the test, then what it allows; who knows better goes on all the same. */
export function Acts({ verb, passed, tested, busy, refusal, again, anyway }: Props) {
  return (
    <div className="row">
      <Button type="submit" className="field act" refusal={refusal} busy={busy}>
        {passed ? verb : tested ? "Test again" : "Test connection"}
      </Button>
      {passed && (
        <Button busy={busy} onClick={again}>
          Test again
        </Button>
      )}
      {tested && !passed && (
        <Button
          busy={busy}
          onClick={(event) => event.currentTarget.form?.checkValidity() && anyway()}
          title="Signalbox keeps trying, and the cluster's page shows what fails."
        >
          {verb} anyway
        </Button>
      )}
      {refusal && <span className="quiet">{refusal}</span>}
    </div>
  )
}
