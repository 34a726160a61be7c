# What a first Dockerfile looks like: a Debian with the toolchain, everything copied, built and started there.
FROM debian:trixie-slim
WORKDIR /app
RUN --mount=type=secret,id=ca-bundle,target=/etc/ssl/certs/ca-certificates.crt \
    apt-get update && apt-get install -y build-essential cmake ninja-build libboost1.88-dev nlohmann-json3-dev
COPY . .
RUN cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release && cmake --build build
EXPOSE 8080
CMD ["/app/build/service"]
