# The server, without development dependencies: Node.js runs the TypeScript as it stands.
# `docker build .` makes the production image; the target `laptop` adds the built demo application.

FROM node:24.21.0-bookworm-slim AS manifest
WORKDIR /foyer
COPY package.json package-lock.json ./
COPY packages/contract/package.json packages/contract/
COPY packages/dom/package.json packages/dom/

FROM manifest AS dependencies
RUN npm ci --omit=dev --ignore-scripts

FROM manifest AS front-ends
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY packages packages
COPY apps apps
COPY scripts/front-ends.js scripts/
RUN node scripts/front-ends.js

FROM node:24.21.0-bookworm-slim AS server
ENV NODE_ENV=production PORT=3000
WORKDIR /foyer
COPY --from=dependencies /foyer/node_modules node_modules
COPY package.json LICENSE ./
COPY packages packages
COPY adapters adapters
COPY interactions interactions
COPY src src
COPY --from=front-ends /foyer/apps/admin/dist apps/admin/dist
COPY --from=front-ends /foyer/packages/dom/dist packages/dom/dist
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Memory follows what is in use: left to itself V8 collects when there is four times as much.
CMD ["node", "--heap-growing-percent=60", "src/main.ts"]

FROM server AS laptop
COPY --from=front-ends /foyer/apps/demo/dist apps/demo/dist
# The shop on another site, which nothing builds.
COPY apps/demo/shop apps/demo/shop
COPY apps/demo/src/styles apps/demo/src/styles
COPY apps/demo/public apps/demo/public

# The last stage is what a build without a target makes.
FROM server
