FROM   alpine:3.23	AS	x
EXPOSE 80  443/tcp	53/udp
VOLUME /a  /b
COPY a   b	c /d/
USER   65532:65532  
WORKDIR /a  b
STOPSIGNAL  SIGTERM
MAINTAINER Somebody <a@example.com>
ADD "a b" c\ d /e/
RUN echo "two  spaces"   'kept'
SHELL ["/bin/ash", "-eo", "pipefail", "-c"]
