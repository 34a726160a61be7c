FROM alpine:3.23
RUN <<EOF
set -e
# not a comment of the Dockerfile
echo "$HOME" \
  continued by the shell

EOF
RUN cat <<'QUOTED' > /a && cat <<"ALSO QUOTED" > /b
$literal
QUOTED
second
ALSO QUOTED
RUN <<-TABS cat
		indented
  spaces stay
	TABS
RUN python3 <<PY
print("FROM nowhere")
PY
