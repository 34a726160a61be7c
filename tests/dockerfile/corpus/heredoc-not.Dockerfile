FROM alpine:3.23
RUN echo "<<EOF" '<<EOF'
RUN ["echo", "<<EOF"]
RUN x<<EOF
RUN cat <<<EOF
RUN cat <<
RUN echo ${ <<EOF
RUN echo "open <<EOF
CMD cat <<EOF
LABEL a="<<EOF"
RUN echo $((1<<2))
RUN echo ${x:-<<EOF}
