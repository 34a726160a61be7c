# What a first Dockerfile looks like: one stage, everything copied, then npm. Slim, although many take the full image,
# which is larger. The secret, and where Node finds it, are what this comparison adds, for a network that inspects TLS.
FROM node:24-trixie-slim
WORKDIR /app
COPY . .
ARG NPM_CONFIG_REGISTRY
RUN --mount=type=secret,id=ca-bundle,target=/etc/ssl/certs/ca-certificates.crt \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt npm ci \
    && npm run build
EXPOSE 8080
CMD ["node", "dist/service.cjs"]
