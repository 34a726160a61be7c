
# escape=`
FROM alpine:3.23
RUN echo \
 a
