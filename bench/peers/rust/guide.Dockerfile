# What Docker's guide for Rust has ("Build your Rust image", by docker init): sources bound, cache mounts for the registry
# and for what is compiled, Debian slim with a user.
FROM rust:1.95.0-slim-trixie AS build
WORKDIR /app
RUN --mount=type=secret,id=ca-bundle,target=/etc/ssl/certs/ca-certificates.crt \
    --mount=type=bind,source=src,target=src \
    --mount=type=bind,source=Cargo.toml,target=Cargo.toml \
    --mount=type=bind,source=Cargo.lock,target=Cargo.lock \
    --mount=type=cache,target=/app/target/ \
    --mount=type=cache,target=/usr/local/cargo/registry/ \
    cargo build --locked --release && cp ./target/release/service /bin/server

FROM debian:trixie-slim AS final
RUN useradd --no-create-home --shell /sbin/nologin --uid 10001 appuser
USER appuser
COPY --from=build /bin/server /bin/
EXPOSE 8080
CMD ["/bin/server"]
