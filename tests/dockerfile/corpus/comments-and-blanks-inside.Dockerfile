# above
FROM alpine:3.23

# one

# two
RUN echo a \
# at the margin
   # indented

    && echo b \
	# after a tab

    && echo "# no comment" # nor this
# at the end
