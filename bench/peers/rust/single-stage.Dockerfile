# What a first Dockerfile looks like: the toolchain's image, everything copied, built and started there. Slim, although
# many take the full image, which is larger.
FROM rust:1.95.0-slim-trixie
WORKDIR /app
COPY . .
RUN --mount=type=secret,id=ca-bundle,target=/etc/ssl/certs/ca-certificates.crt \
    cargo build --release
EXPOSE 8080
CMD ["/app/target/release/service"]
