FROM alpine:3.23
ONBUILD RUN <<EOF
echo later
EOF
ONBUILD COPY <<A <<B /x/
a
A
b
B
RUN echo after
