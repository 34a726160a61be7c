FROM alpine:3.23
RUN echo a \
    <<ONE \
    && cat <<TWO
1
ONE
2
TWO
RUN echo after
