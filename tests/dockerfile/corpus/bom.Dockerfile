# escape=`
FROM alpine:3.23 `
 AS x
RUN echo é
