import { BaseSequencer, type TestSpecification } from "vitest/node"
import { SECONDS } from "./seconds.ts"

/** Within a group, whatever the project: the longest files first, so that none is left for the end. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const groupOf = (file: TestSpecification) => file.project.config.sequence.groupOrder
    const secondsOf = ({ moduleId, project }: TestSpecification) =>
      SECONDS[moduleId.slice(project.config.root.length + 1)] ?? 0
    return sorted.sort((a, b) => groupOf(a) - groupOf(b) || secondsOf(b) - secondsOf(a))
  }
}
