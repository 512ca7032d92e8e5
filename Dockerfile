# The server, without development dependencies: Node.js runs the TypeScript as it stands.

FROM node:24.11.1-bookworm-slim AS dependencies
WORKDIR /foyer
COPY package.json package-lock.json ./
COPY packages/contract/package.json packages/contract/
RUN npm ci --omit=dev --ignore-scripts

FROM node:24.11.1-bookworm-slim AS demo
WORKDIR /foyer
COPY package.json package-lock.json ./
COPY packages packages
RUN npm ci --ignore-scripts
COPY scripts scripts
COPY apps apps
RUN node scripts/front-ends.js

FROM node:24.11.1-bookworm-slim
ENV NODE_ENV=production PORT=3000
WORKDIR /foyer
COPY --from=dependencies /foyer/node_modules node_modules
COPY package.json LICENSE ./
COPY packages packages
COPY adapters adapters
COPY interactions interactions
COPY src src
COPY --from=demo /foyer/apps/demo/dist apps/demo/dist
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]
