FROM --platform=linux/amd64 alpine:3.23 AS a
RUN --mount=type=cache,target=/root/.cache --mount=type=secret,id="a b" --network=none echo --not-a-flag
COPY --from=a --chown=1:1 --link --chmod=0644 x /y
COPY --from=a -- --file /y
ADD --checksum=sha256:00 --keep-git-dir=true https://example.com/a.git /y
HEALTHCHECK --interval=5s --timeout=3s --retries=3 CMD ["a"]
HEALTHCHECK --start-period=1s NONE
RUN --mount='type=bind' --mount=a\ b --x="y z"w echo
RUN -- --still text
RUN --a
COPY --from x y /z
ENV --odd=1 a=b
