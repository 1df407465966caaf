import type { DeadLetters } from "../broker.ts"
import { brighter } from "./dead-letters/brighter.ts"
import { connect } from "./dead-letters/connect.ts"
import { cronsumer } from "./dead-letters/cronsumer.ts"
import { dapr } from "./dead-letters/dapr.ts"
import { karafka } from "./dead-letters/karafka.ts"
import { laravel } from "./dead-letters/laravel.ts"
import { micronaut } from "./dead-letters/micronaut.ts"
import { nestjs } from "./dead-letters/nestjs.ts"
import { plain } from "./dead-letters/plain.ts"
import { rebus } from "./dead-letters/rebus.ts"
import { share } from "./dead-letters/share.ts"
import { silverback } from "./dead-letters/silverback.ts"
import { smallrye, smallryeRetry } from "./dead-letters/smallrye.ts"
import { spring } from "./dead-letters/spring.ts"
import { springCloudStream } from "./dead-letters/spring-cloud-stream.ts"
import { streams } from "./dead-letters/streams.ts"
import { uber } from "./dead-letters/uber.ts"
import { watermill } from "./dead-letters/watermill.ts"
import { wolverine } from "./dead-letters/wolverine.ts"

/** The dialects that are met on Kafka, the most telling headers first. `plain` reads everything, so it stands last. */
export const kafkaDeadLetters: DeadLetters = {
  dialects: [
    ...[spring, connect, streams, share, smallrye, smallryeRetry, springCloudStream, micronaut],
    ...[karafka, silverback, wolverine, brighter, watermill, dapr, laravel, cronsumer, nestjs],
    ...[rebus, uber],
    plain,
  ],
}
