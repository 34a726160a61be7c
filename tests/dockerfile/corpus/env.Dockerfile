FROM alpine:3.23
ENV a=b c="d e" f='g h' i=j\ k
ENV old the whole   rest "of it" # too
ENV empty= quoted=""
ENV "with space"=1 x=y=z
ENV a=b \
    c=d \
    # why
    e="f \
  g"
ENV path=/a:${PATH} other=${x:-"y z"}
ENV one \
    two
ENV odd=a\
ENV q="it's" r='say "x"' s=a"b c"d't u'
