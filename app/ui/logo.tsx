/** The mark of Signalbox: a signal on its post, its arm at "clear", drawn in the colour of the text beside it. */
export function Logo(props: { size: number }) {
  return (
    <svg width={props.size} height={props.size} viewBox="0 0 24 24" aria-hidden="true">
      <rect width="24" height="24" rx="6" fill="var(--accent)" />
      <g fill="none" stroke="var(--panel)" strokeWidth="2" strokeLinecap="round">
        <path d="M7.5 19.5v-15M4.5 19.5h6" />
      </g>
      <path d="M8.5 6 19 9.5v4L8.5 10Z" fill="var(--panel)" />
      <circle cx="7.5" cy="8" r="2.25" fill="var(--accent)" stroke="var(--panel)" strokeWidth="1.5" />
    </svg>
  )
}
