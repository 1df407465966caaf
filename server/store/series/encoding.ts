/**
 * How a sweep's values are encoded, in the database and in the arrays read from it: a number is an offset, `null` is
 * unknown (the broker could not say), and this is a partition on which the group has committed nothing.
 */
export const NO_COMMIT = -1
