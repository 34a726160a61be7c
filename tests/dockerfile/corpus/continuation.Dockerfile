FROM alpine:3.23
RUN echo a \
    && echo b \ 	
	&& echo c
RUN echo escaped \\
RUN echo three \\\
CMD \
  [ "a", \
    "b" ]
RUN \
\
  echo only-marks
