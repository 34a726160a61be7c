FROM alpine:3.23
RUN echo one
CMD ["sleep", "1"]
