FROM alpine:3.23
CMD ['a', 'b']
ENTRYPOINT [a]
RUN [ -f /etc/passwd ]
RUN ["a",]
RUN ["a" "b"]
CMD [NaN]
CMD ["bad \x escape"]
CMD ["a	b"]
VOLUME [/a /b]
COPY [a, b] /c
HEALTHCHECK CMD ['a']
ENTRYPOINT {"a": 1}
CMD "a"
