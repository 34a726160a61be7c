# What a first Dockerfile looks like: one stage, everything copied, then pip. Slim, although many take the full image,
# which is larger. The secret is what this comparison adds, for a network that inspects TLS.
FROM python:3.13-slim-trixie
WORKDIR /app
COPY . .
RUN --mount=type=secret,id=ca-bundle,target=/etc/ssl/certs/ca-certificates.crt \
    pip install .
EXPOSE 8080
CMD ["python", "-m", "service"]
