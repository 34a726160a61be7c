# What Azure/draft generates (template/dockerfiles/python): requirements first, then everything. It wants a
# requirements.txt, which is written from pyproject.toml here, and a script as its entry point. Slim instead of
# the full image, which is larger. The secret is what this comparison adds.
# It copies the sources and compiles nothing.
FROM python:3.13-slim-trixie
ENV PORT=8080
EXPOSE 8080
WORKDIR /usr/src/app
COPY pyproject.toml ./
RUN --mount=type=secret,id=ca-bundle,target=/etc/ssl/certs/ca-certificates.crt \
    python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"], sep="\n")' \
      > requirements.txt \
    && pip install --no-cache-dir -r requirements.txt
COPY . .
ENV PYTHONPATH=src
ENTRYPOINT ["python"]
CMD ["-m", "service"]
