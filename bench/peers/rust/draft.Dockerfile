# What Azure/draft generates (template/dockerfiles/rust): one stage, a debug build, started by cargo. Slim instead of the full
# image, which is larger.
FROM rust:1.95.0-slim-trixie
WORKDIR /usr/src/app
COPY . /usr/src/app
RUN --mount=type=secret,id=ca-bundle,target=/etc/ssl/certs/ca-certificates.crt \
    cargo build
ENV PORT=8080
EXPOSE 8080
CMD ["cargo", "run", "-q"]
