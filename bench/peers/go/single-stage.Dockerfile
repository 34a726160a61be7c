# What a first Dockerfile looks like: the toolchain's image, everything copied, built and started there.
FROM golang:1.27.3-trixie
WORKDIR /app
COPY . .
RUN --mount=type=secret,id=ca-bundle,target=/etc/ssl/certs/ca-certificates.crt \
    go build -o /app/server .
EXPOSE 8080
CMD ["/app/server"]
