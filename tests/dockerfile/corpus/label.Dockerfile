FROM alpine:3.23
LABEL org.opencontainers.image.title="a b" version='1' old\ style=1
LABEL legacy value with spaces
LABEL "quoted key"="v" \
      multi="line \
continued"
