import {
  consumersInput,
  createSpanToken,
  createSpanTokenInput,
  findInTrace,
  findInTraceInput,
  getService,
  getSpan,
  getSpanInput,
  getTrace,
  getTraceInput,
  linkedSpans,
  linkedSpansInput,
  listConsumers,
  listErrors,
  listInstances,
  listNeighbours,
  listOperations,
  listOperationsInput,
  listPeers,
  listServices,
  listSpanTokens,
  messagePlaces,
  messagePlacesInput,
  messageTraces,
  messageTracesInput,
  rangeInput,
  revokeSpanToken,
  revokeSpanTokenInput,
  search,
  searchAll,
  searchInput,
  serviceInput,
  setObjective,
  setObjectiveInput,
  setRetention,
  setRetentionInput,
  storageUse,
  suggestKeys,
  suggestKeysInput,
  suggestValues,
  suggestValuesInput,
} from "#server/traces/index.ts"
import { procedure, router } from "../init.ts"
import { untilEnd } from "../live.ts"

export const traces = router({
  operations: procedure("trace.read")
    .input(listOperationsInput)
    .query(({ ctx, input }) => listOperations(ctx, input)),
  get: procedure("trace.read")
    .input(getTraceInput)
    .query(({ ctx, input }) => getTrace(ctx, input)),
  span: procedure("trace.read")
    .input(getSpanInput)
    .query(({ ctx, input }) => getSpan(ctx, input)),
  linked: procedure("trace.read")
    .input(linkedSpansInput)
    .query(({ ctx, input }) => linkedSpans(ctx, input)),
  find: procedure("trace.read")
    .input(findInTraceInput)
    .query(({ ctx, input }) => findInTrace(ctx, input)),
  search: procedure("trace.read")
    .input(searchInput)
    .query(({ ctx, input }) => search(ctx, input)),
  searching: procedure("trace.read")
    .input(searchInput)
    .subscription(({ ctx, input }) => searchAll(ctx, input, untilEnd(ctx))),
  keys: procedure("trace.read")
    .input(suggestKeysInput)
    .query(({ ctx, input }) => suggestKeys(ctx, input)),
  values: procedure("trace.read")
    .input(suggestValuesInput)
    .query(({ ctx, input }) => suggestValues(ctx, input)),
  services: procedure("trace.read")
    .input(rangeInput)
    .query(({ ctx, input }) => listServices(ctx, input)),
  service: procedure("trace.read")
    .input(serviceInput)
    .query(({ ctx, input }) => getService(ctx, input)),
  instances: procedure("trace.read")
    .input(serviceInput)
    .query(({ ctx, input }) => listInstances(ctx, input)),
  errors: procedure("trace.read")
    .input(serviceInput)
    .query(({ ctx, input }) => listErrors(ctx, input)),
  peers: procedure("trace.read")
    .input(serviceInput)
    .query(({ ctx, input }) => listPeers(ctx, input)),
  neighbours: procedure("trace.read")
    .input(serviceInput)
    .query(({ ctx, input }) => listNeighbours(ctx, input)),
  consumers: procedure("trace.read")
    .input(consumersInput)
    .query(({ ctx, input }) => listConsumers(ctx, input)),
  setObjective: procedure("trace.configure", "trace.objective")
    .input(setObjectiveInput)
    .mutation(({ ctx, input }) => setObjective(ctx, input)),
  ofMessages: procedure("trace.read")
    .input(messageTracesInput)
    .query(({ ctx, input }) => messageTraces(ctx, input)),
  messagePlaces: procedure("trace.read")
    .input(messagePlacesInput)
    .query(({ ctx, input }) => messagePlaces(ctx, input)),
  storage: procedure("trace.configure").query(({ ctx }) => storageUse(ctx)),
  setRetention: procedure("trace.configure", "trace.retention")
    .input(setRetentionInput)
    .mutation(({ ctx, input }) => setRetention(ctx, input)),
  tokens: procedure("trace.configure").query(({ ctx }) => listSpanTokens(ctx)),
  createToken: procedure("trace.configure", "trace.token.create")
    .input(createSpanTokenInput)
    .mutation(({ ctx, input }) => createSpanToken(ctx, input)),
  revokeToken: procedure("trace.configure", "trace.token.revoke")
    .input(revokeSpanTokenInput)
    .mutation(({ ctx, input }) => revokeSpanToken(ctx, input)),
})
