import type { SettingWords } from "../system.ts"

/** Topic settings of Kafka 4.1: https://kafka.apache.org/41/documentation.html#topicconfigs */
export const topicSettings: SettingWords = {
  first: [
    "retention.ms",
    "retention.bytes",
    "cleanup.policy",
    "min.insync.replicas",
    "max.message.bytes",
    "compression.type",
  ],
  choices: {
    "cleanup.policy": ["delete", "compact", "compact,delete"],
    "compression.type": ["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"],
    "message.timestamp.type": ["CreateTime", "LogAppendTime"],
  },
}
