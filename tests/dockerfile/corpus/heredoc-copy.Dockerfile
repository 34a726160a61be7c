FROM alpine:3.23
COPY <<one.txt <<-"two.txt" local.txt /data/
first
one.txt
	second
	two.txt
ADD --chown=1:1 <<EMPTY /x
EMPTY
COPY 3<<THREE /y
3
THREE
