import type { DeadLetters } from "../broker.ts"
import { connect } from "./dead-letters/connect.ts"
import { plain } from "./dead-letters/plain.ts"
import { smallrye } from "./dead-letters/smallrye.ts"
import { spring } from "./dead-letters/spring.ts"
import { streams } from "./dead-letters/streams.ts"

/** The dialects that are met on Kafka. `plain` reads everything, so it stands last. */
export const kafkaDeadLetters: DeadLetters = { dialects: [spring, connect, streams, smallrye, plain] }
