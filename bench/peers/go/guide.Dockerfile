# What Docker's guide for Go recommends ("Build your Go image", multi-stage): modules first, a static binary, distroless
# with a user.
FROM golang:1.27.3-trixie AS build-stage
WORKDIR /app
COPY go.mod ./
RUN --mount=type=secret,id=ca-bundle,target=/etc/ssl/certs/ca-certificates.crt \
    go mod download
COPY . .
RUN CGO_ENABLED=0 GOOS=linux go build -o /server .

FROM gcr.io/distroless/base-debian13:nonroot
WORKDIR /
COPY --from=build-stage /server /server
EXPOSE 8080
USER nonroot:nonroot
ENTRYPOINT ["/server"]
