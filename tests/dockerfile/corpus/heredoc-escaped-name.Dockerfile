FROM alpine:3.23
RUN cat <<E\OF
$a
EOF
RUN cat <<$NAME
b
$NAME
RUN cat <<E"O"F
c
EOF
