# What Docker's guide for Node has ("Containerize a Node.js application"): Alpine, a stage for the dependencies of
# production and one for those of the build, a cache mount, and a last stage with node_modules, what was built, and a
# user. The secret, and where Node finds it, are what this comparison adds.
FROM node:24-alpine3.23 AS base
WORKDIR /app
ARG NPM_CONFIG_REGISTRY

FROM base AS deps
COPY package.json package-lock.json ./
RUN --mount=type=secret,id=ca-bundle,target=/etc/ssl/certs/ca-certificates.crt \
    --mount=type=cache,target=/root/.npm,sharing=locked \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt npm ci --omit=dev

FROM base AS build-deps
COPY package.json package-lock.json ./
RUN --mount=type=secret,id=ca-bundle,target=/etc/ssl/certs/ca-certificates.crt \
    --mount=type=cache,target=/root/.npm,sharing=locked \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt npm ci

FROM build-deps AS build
COPY . .
RUN npm run build

FROM base AS production
RUN addgroup -g 1001 -S nodejs && adduser -S nodejs -u 1001 -G nodejs && chown -R nodejs:nodejs /app
ENV NODE_ENV=production
COPY --from=deps --chown=nodejs:nodejs /app/node_modules ./node_modules
COPY --from=deps --chown=nodejs:nodejs /app/package.json ./
COPY --from=build --chown=nodejs:nodejs /app/dist ./dist
USER nodejs
EXPOSE 8080
CMD ["node", "dist/service.cjs"]
