import {
  browse,
  browseInput,
  getMessage,
  getMessageInput,
  produce,
  produceInput,
  rememberFormats,
  rememberFormatsInput,
  tail,
  tailInput,
} from "../../messages/index.ts"
import { procedure, router } from "../init.ts"

/** Of a call that came without a request. */
const never = new AbortController().signal

export const messages = router({
  browse: procedure("message.read")
    .input(browseInput)
    .query(({ ctx, input, signal }) => browse(ctx, input, signal ?? never)),
  get: procedure("message.read")
    .input(getMessageInput)
    .query(({ ctx, input, signal }) => getMessage(ctx, input, signal ?? never)),
  tail: procedure("message.read")
    .input(tailInput)
    .subscription(({ ctx, input, signal }) => tail(ctx, input, signal ?? never)),
  remember: procedure("message.read", "message.format")
    .input(rememberFormatsInput)
    .mutation(({ ctx, input }) => rememberFormats(ctx, input)),
  produce: procedure("message.produce")
    .input(produceInput)
    .mutation(({ ctx, input }) => produce(ctx, input)),
})
