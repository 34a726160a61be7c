# What Docker's guide for C++ has ("Create a multi-stage build for your C++ application"): a stage that installs the
# toolchain, copies the sources and links statically, and the program alone on scratch. Debian instead of Ubuntu, and
# CMake instead of one call of the compiler.
FROM debian:trixie-slim AS build
RUN --mount=type=secret,id=ca-bundle,target=/etc/ssl/certs/ca-certificates.crt \
    apt-get update && apt-get install -y build-essential cmake ninja-build libboost1.88-dev nlohmann-json3-dev
WORKDIR /app
COPY . .
RUN cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_EXE_LINKER_FLAGS=-static && cmake --build build

FROM scratch
COPY --from=build /app/build/service /service
EXPOSE 8080
CMD ["/service"]
