/** How Prometheus and Alertmanager name labels, as the source of a regular expression. */
export const LABEL = "[a-zA-Z_][a-zA-Z0-9_]{0,62}"

/** A text that is the name of a label. */
export const LABEL_NAME = new RegExp(`^${LABEL}$`)
