# What Azure/draft generates (template/dockerfiles/javascript): the manifest without its lockfile, then everything, and npm
# as process 1, which starts the sources as they are. Slim instead of the full image, which is larger. The secret, and
# where Node finds it, are what this comparison adds.
# It copies the sources and compiles nothing.
FROM node:24-trixie-slim
ENV PORT=8080
EXPOSE 8080
RUN mkdir -p /usr/src/app
WORKDIR /usr/src/app
COPY package.json .
ARG NPM_CONFIG_REGISTRY
RUN --mount=type=secret,id=ca-bundle,target=/etc/ssl/certs/ca-certificates.crt \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt npm install
COPY . .
CMD ["npm", "start"]
