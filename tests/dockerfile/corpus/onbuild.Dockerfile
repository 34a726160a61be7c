FROM alpine:3.23
ONBUILD RUN echo a
ONBUILD COPY --from=x a b
onbuild Env a=b c="d e"
ONBUILD ADD ["a", "b"]
ONBUILD ENTRYPOINT sh -c 'x'
