FROM alpine:3.23
HEALTHCHECK CMD curl -f http://localhost/ || exit 1
HEALTHCHECK none
HEALTHCHECK --interval=5m \
  --timeout=3s \
  cmd \
  ["/app", "healthcheck"]
