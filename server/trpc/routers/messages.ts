import {
  browse,
  browseInput,
  estimateSearch,
  followSearch,
  getMasking,
  getMessage,
  getMessageInput,
  getSearch,
  jobInput,
  listMatches,
  listSearches,
  listSearchesInput,
  maskingInput,
  matchesInput,
  produce,
  produceInput,
  rememberFormats,
  rememberFormatsInput,
  resumeSearch,
  searchInput,
  startSearch,
  stopSearch,
  tail,
  tailInput,
} from "#server/messages/index.ts"
import { procedure, router } from "../init.ts"
import { untilEnd } from "../live.ts"
import { asNow } from "../rights-watch.ts"

/** Of a call that came without a request. */
const never = new AbortController().signal

export const messages = router({
  browse: procedure("message.read")
    .input(browseInput)
    .query(({ ctx, input, signal }) => browse(ctx, input, signal ?? never)),
  get: procedure("message.read")
    .input(getMessageInput)
    .query(({ ctx, input, signal }) => getMessage(ctx, input, signal ?? never)),
  masking: procedure("message.read")
    .input(maskingInput)
    .query(({ ctx, input }) => getMasking(ctx, input)),
  tail: procedure("message.read")
    .input(tailInput)
    .subscription(({ ctx, input }) => tail(asNow(ctx), input, untilEnd(ctx))),
  remember: procedure("message.read", "message.format")
    .input(rememberFormatsInput)
    .mutation(({ ctx, input }) => rememberFormats(ctx, input)),
  produce: procedure("message.produce")
    .input(produceInput)
    .mutation(({ ctx, input }) => produce(ctx, input)),
  estimate: procedure("message.search")
    .input(searchInput)
    .query(({ ctx, input }) => estimateSearch(ctx, input)),
  search: procedure("message.search")
    .input(searchInput)
    .mutation(({ ctx, input }) => startSearch(ctx, input)),
  resume: procedure("message.search", "message.search.resume")
    .input(jobInput)
    .mutation(({ ctx, input }) => resumeSearch(ctx, input)),
  stop: procedure("message.search", "message.search.stop")
    .input(jobInput)
    .mutation(({ ctx, input }) => stopSearch(ctx, input)),
  found: procedure("message.read")
    .input(jobInput)
    .query(({ ctx, input }) => getSearch(ctx, input)),
  progress: procedure("message.read")
    .input(jobInput)
    .subscription(({ ctx, input }) => followSearch(asNow(ctx), input, untilEnd(ctx))),
  matches: procedure("message.read")
    .input(matchesInput)
    .query(({ ctx, input }) => listMatches(ctx, input)),
  searches: procedure("message.read")
    .input(listSearchesInput)
    .query(({ ctx, input }) => listSearches(ctx, input)),
})
