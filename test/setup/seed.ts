// Properties print the seed of a failure; TEST_SEED repeats it.
const { TEST_SEED: seed } = process.env
if (seed) {
  const { default: fc } = await import("fast-check")
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) })
}

export {}
