# a comment first
# escape=`
FROM alpine:3.23
RUN echo ` \
  b
