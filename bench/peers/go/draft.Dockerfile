# What Azure/draft generates (template/dockerfiles/gomodule): everything copied, then built, and copied into scratch. The
# binary has to be static for that, which CGO_ENABLED adds here.
FROM golang:1.27.3-trixie AS builder
ENV PORT=8080 CGO_ENABLED=0
EXPOSE 8080
WORKDIR /go/src/app
COPY . .
RUN --mount=type=secret,id=ca-bundle,target=/etc/ssl/certs/ca-certificates.crt \
    go get
RUN go build -v -o app
RUN mv ./app /go/bin/

FROM scratch
COPY --from=builder /go/bin/app /bin/app
CMD ["/bin/app"]
