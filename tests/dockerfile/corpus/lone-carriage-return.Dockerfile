FROM alpine:3.23
RUN ab
EXPOSE 8081
