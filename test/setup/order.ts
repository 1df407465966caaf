import { BaseSequencer, type TestSpecification } from "vitest/node"

/**
 * Deals the projects of a group evenly, each with its longest files first: a browser computes while servers that were
 * killed come back, and no long file is left for the end.
 */
export default class Mixed extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const longestFirst = await super.sort(files)
    const share = new Map<TestSpecification, number>()
    for (const own of Map.groupBy(longestFirst, (file) => file.project.name).values()) {
      for (const [index, file] of own.entries()) share.set(file, index / own.length)
    }
    const groupOf = (file: TestSpecification) => file.project.config.sequence.groupOrder
    return longestFirst.sort((a, b) => groupOf(a) - groupOf(b) || (share.get(a) ?? 0) - (share.get(b) ?? 0))
  }
}
