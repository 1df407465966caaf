/** A number with its name; the exact value on hover where it was shortened. */
export function Fact(props: { term: string; value: string; exact?: number | null; bad?: boolean }) {
  return (
    <div>
      <dt>{props.term}</dt>
      <dd className={props.bad ? "bad" : undefined} title={props.exact?.toLocaleString("en-US")}>
        {props.value}
      </dd>
    </div>
  )
}
