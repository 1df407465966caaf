import {
  controlReplay,
  controlReplayInput,
  countFailures,
  deriveMend,
  deriveMendInput,
  failureInput,
  failureTrend,
  failureTrendInput,
  getFailure,
  listFailures,
  listFailuresInput,
  listLetters,
  listLettersInput,
  listReplays,
  listReplaysInput,
  listRules,
  listRulesInput,
  planReplay,
  planReplayInput,
  readLetter,
  readLetterInput,
  removeRule,
  removeRuleInput,
  saveRule,
  saveRuleInput,
  startReplay,
  startReplayInput,
  triage,
  triageInput,
} from "#server/failures/index.ts"
import { procedure, router } from "../init.ts"

export const failures = router({
  list: procedure("failure.list")
    .input(listFailuresInput)
    .query(({ ctx, input }) => listFailures(ctx, input)),
  count: procedure("failure.list").query(({ ctx }) => countFailures(ctx)),
  get: procedure("failure.view")
    .input(failureInput)
    .query(({ ctx, input }) => getFailure(ctx, input)),
  trend: procedure("failure.view")
    .input(failureTrendInput)
    .query(({ ctx, input }) => failureTrend(ctx, input)),
  letters: procedure("failure.view")
    .input(listLettersInput)
    .query(({ ctx, input }) => listLetters(ctx, input)),
  letter: procedure("message.read")
    .input(readLetterInput)
    .query(({ ctx, input }) => readLetter(ctx, input)),
  triage: procedure("failure.triage")
    .input(triageInput)
    .mutation(({ ctx, input }) => triage(ctx, input)),
  deriveMend: procedure("failure.replay")
    .input(deriveMendInput)
    .query(({ ctx, input }) => deriveMend(ctx, input)),
  planReplay: procedure("failure.replay")
    .input(planReplayInput)
    .query(({ ctx, input }) => planReplay(ctx, input)),
  startReplay: procedure("failure.replay")
    .input(startReplayInput)
    .mutation(({ ctx, input }) => startReplay(ctx, input)),
  controlReplay: procedure("failure.replay")
    .input(controlReplayInput)
    .mutation(({ ctx, input }) => controlReplay(ctx, input)),
  replays: procedure("failure.view")
    .input(listReplaysInput)
    .query(({ ctx, input }) => listReplays(ctx, input)),
  rules: procedure("failure.view")
    .input(listRulesInput)
    .query(({ ctx, input }) => listRules(ctx, input)),
  saveRule: procedure("failure.configure")
    .input(saveRuleInput)
    .mutation(({ ctx, input }) => saveRule(ctx, input)),
  removeRule: procedure("failure.configure")
    .input(removeRuleInput)
    .mutation(({ ctx, input }) => removeRule(ctx, input)),
})
