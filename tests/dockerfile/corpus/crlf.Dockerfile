# escape=`
FROM alpine:3.23

RUN echo a `
  # in between

  && echo b
RUN <<EOF
echo c
EOF
ENV a=b `
    c=d
CMD ["a"]
