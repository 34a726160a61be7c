"""Cases of the rules about running, secrets, downloads, and about switching rules off."""

from __future__ import annotations

from tests.verify.lint.model import Bad, Case, Fine

LAST = "FROM alpine:3.23\n"
USER = "USER 65532:65532\n"
HEALTH = 'HEALTHCHECK --interval=10s CMD ["/app", "healthcheck"]\n'
ENTRY = 'ENTRYPOINT ["/app"]\n'
EXPOSE = "EXPOSE 8080\n"
DISTROLESS = "FROM gcr.io/distroless/static-debian13:nonroot\n"
# Put together here, so that no scanner takes these for credentials of ours.
AWS_KEY = "AKIA" + "ABCDEFGHIJKLMNOP"
GITHUB_TOKEN = "ghp_" + "a1B2" * 9

RUNTIME: list[Case] = [
    Bad("lint-user", USER, "", at=("FROM alpine",)),
    Bad("lint-user", USER, "USER root\n"),
    Bad("lint-user", USER, USER + "RUN date\nUSER 0:0\n", at=("USER 0:0",)),
    Fine("lint-user", USER, "USER root\nRUN date\n" + USER),
    Fine("lint-user", LAST, "FROM alpine:3.23 AS base\nUSER 65532:65532\nFROM base\n"),
    Bad("lint-user-numeric", USER, "USER nonroot:nonroot\n"),
    Bad("lint-user-numeric", USER, "USER 65532\n"),
    Fine("lint-user-numeric", USER, "ARG UID=65532\nUSER ${UID}:${UID}\n"),
    Fine("lint-user-numeric", USER, "USER 65532:0\n"),
    Bad("lint-shell-absent", LAST, DISTROLESS + "RUN date\n", at=("RUN date",)),
    Bad(
        "lint-shell-absent",
        LAST + "COPY --from=build /app /app\n",
        "FROM scratch\nCOPY --from=build /app /app\nRUN date\n",
        at=("RUN date",),
    ),
    Fine("lint-shell-absent", LAST, DISTROLESS),
    Fine("lint-shell-absent", LAST, "FROM gcr.io/distroless/static-debian13:debug-nonroot\nRUN date\n"),
    Fine(
        "lint-shell-absent",
        LAST,
        "FROM scratch\nADD rootfs.tar /\nRUN date\n",
        files={".dockerignore": "*\n!rootfs.tar\n!go.*\n"},
    ),
    Bad("lint-exec-form", ENTRY, "ENTRYPOINT /app\n"),
    Bad("lint-exec-form", ENTRY, ENTRY + "CMD serve --port 8080\n"),
    Fine("lint-exec-form", ENTRY, 'SHELL ["/bin/ash", "-c"]\nENTRYPOINT exec /app\n'),
    Fine("lint-exec-form", ENTRY, 'ENTRYPOINT ["/app"]\nCMD []\n'),
    Bad("lint-healthcheck", HEALTH, "", at=("FROM alpine",)),
    Bad("lint-healthcheck", HEALTH, "HEALTHCHECK NONE\n"),
    Fine("lint-healthcheck", LAST, 'FROM alpine:3.23 AS base\nHEALTHCHECK CMD ["/x"]\nFROM base\n'),
    Bad("lint-healthcheck-form", HEALTH, "HEALTHCHECK CMD wget -q -O /dev/null http://localhost:8080/livez\n"),
    Fine(
        "lint-healthcheck-form", HEALTH, 'HEALTHCHECK --timeout=3s CMD ["wget", "-q", "http://localhost:8080/"]\n'
    ),
    Bad("lint-stop-signal", "STOPSIGNAL SIGTERM\n", "STOPSIGNAL SIGTREM\n"),
    Bad("lint-stop-signal", "STOPSIGNAL SIGTERM\n", "STOPSIGNAL SIGKILL\n"),
    Bad("lint-stop-signal", "STOPSIGNAL SIGTERM\n", "STOPSIGNAL 9\n"),
    Fine("lint-stop-signal", "STOPSIGNAL SIGTERM\n", "STOPSIGNAL 15\n"),
    Fine("lint-stop-signal", "STOPSIGNAL SIGTERM\n", "STOPSIGNAL SIGRTMIN+3\n"),
    Bad(
        "lint-labels",
        'LABEL org.opencontainers.image.title="hello" \\\n',
        "LABEL title=hello \\\n",
        at=("FROM alpine",),
    ),
    Fine("lint-labels", LAST, LAST + "LABEL com.example.team=a\n"),
    Bad(
        "lint-label-key",
        ENTRY,
        ENTRY + "LABEL org.opencontainers.image.licence=MIT\n",
        at=("LABEL org.opencontainers.image.licence",),
    ),
    Fine("lint-label-key", ENTRY, ENTRY + 'LABEL "org.opencontainers.image.licenses"=MIT\n'),
    Bad("lint-lost-effect", "COPY . .\n", "RUN cd /elsewhere\nCOPY . .\n"),
    Bad("lint-lost-effect", "COPY . .\n", "RUN export GOFLAGS=-mod=readonly\nCOPY . .\n"),
    Fine("lint-lost-effect", "COPY . .\n", "RUN cd /elsewhere && touch x\nCOPY . .\n"),
]

SECRETS: list[Case] = [
    Bad("lint-secret-name", EXPOSE, EXPOSE + "ARG GITHUB_TOKEN\n"),
    Bad("lint-secret-name", EXPOSE, EXPOSE + "ENV DB_PASSWORD=hunter22\n"),
    Bad("lint-secret-name", EXPOSE, EXPOSE + "ENV MODE=x AWS_SECRET_ACCESS_KEY=abcdefgh\n"),
    Fine("lint-secret-name", EXPOSE, EXPOSE + "ENV DB_PASSWORD_FILE=/run/secrets/db TOKEN_URL=https://a/token\n"),
    Fine(
        "lint-secret-name",
        EXPOSE,
        EXPOSE + 'ENV AUTH=true SESSION_SECRET="" MAX_TOKENS=100 API_TOKEN=/run/secrets/api\n',
    ),
    Fine("lint-secret-name", EXPOSE, EXPOSE + "ARG PUBLIC_KEY\nARG KEYBOARD=us\nARG COMPASS=n\n"),
    Bad("lint-secret-value", EXPOSE, EXPOSE + f"ENV REGION={AWS_KEY}\n"),
    Bad("lint-secret-value", EXPOSE, EXPOSE + f"RUN git clone https://{GITHUB_TOKEN}@example.com/x\n"),
    Bad("lint-secret-value", EXPOSE, EXPOSE + 'RUN echo "-----BEGIN RSA PRIVATE KEY-----" > /k\n'),
    Fine(
        "lint-secret-value",
        EXPOSE,
        EXPOSE + "ENV REGION=AKIAshort COMMIT=0123456789abcdef0123456789abcdef01234567\n",
    ),
    Bad(
        "lint-secret-url",
        "RUN go mod download\n",
        "RUN git clone https://me:hunter2@example.com/x && go mod download\n",
    ),
    Bad(
        "lint-secret-url",
        "RUN go mod download\n",
        "ARG NAME\nRUN git clone https://me:${NAME}@example.com/x && go mod download\n",
        at=("RUN git",),
    ),
    Fine(
        "lint-secret-url",
        "RUN go mod download\n",
        "RUN git clone https://me:$(cat /run/secrets/t)@example.com/x && go mod download\n",
    ),
    Fine("lint-secret-url", "RUN go mod download\n", "RUN wget http://example.com:8080/a@2 && go mod download\n"),
    Bad("lint-secret-file", "COPY . .\n", "COPY .env ./\n", files={".dockerignore": "*\n!.env\n!go.*\n"}),
    Bad("lint-secret-file", "COPY . .\n", "COPY deploy/id_rsa /root/.ssh/\n", files={".dockerignore": "x\n"}),
    Fine(
        "lint-secret-file",
        "COPY . .\n",
        "COPY .env.example ./\n",
        files={".dockerignore": "*\n!.env.example\n!go.*\n"},
    ),
    Bad("lint-password-set", LAST, LAST + "RUN echo root:x | chpasswd\n"),
    Bad("lint-password-set", LAST, LAST + "RUN useradd -m -p x app\n"),
    Fine("lint-password-set", LAST, LAST + "RUN adduser -D -u 65532 app\n"),
]

DOWNLOADS: list[Case] = [
    Bad("lint-download-runs", LAST, LAST + "RUN curl -fsSL https://example.com/install | sh\n"),
    Bad(
        "lint-download-runs", LAST, LAST + "RUN wget -qO- https://example.com/install | tee /x | bash -s -- -y\n"
    ),
    Bad("lint-download-runs", LAST, LAST + 'RUN sh -c "$(curl -fsSL https://example.com/install)"\n'),
    Bad("lint-download-runs", LAST, LAST + "RUN bash <(curl -s https://example.com/install)\n"),
    Fine("lint-download-runs", LAST, LAST + "RUN curl -fsSL https://example.com/a.json | python3 -m json.tool\n"),
    Fine(
        "lint-download-runs", LAST, LAST + "RUN curl -fsSLO https://example.com/x && sha256sum -c x.sum && sh x\n"
    ),
    Bad("lint-verification-off", LAST, LAST + "RUN curl -fsSLk https://example.com/x -o /x\n"),
    Bad("lint-verification-off", LAST, LAST + "RUN wget --no-check-certificate https://example.com/x\n"),
    Bad("lint-verification-off", LAST, LAST + "RUN git config --global http.sslVerify false\n"),
    Bad("lint-verification-off", LAST, LAST + "RUN npm config set strict-ssl false\n"),
    Bad("lint-verification-off", EXPOSE, EXPOSE + "ENV NODE_TLS_REJECT_UNAUTHORIZED=0\n"),
    Bad("lint-verification-off", LAST, LAST + "RUN GIT_SSL_NO_VERIFY=true git clone https://example.com/x\n"),
    Bad("lint-verification-off", LAST, LAST + "RUN apk add --no-cache --allow-untrusted x.apk\n"),
    Bad("lint-verification-off", LAST, LAST + "RUN pip install --trusted-host=example.com x==1\n"),
    Fine("lint-verification-off", LAST, LAST + "RUN curl -fsSL https://example.com/x -o /tmp/k\n"),
    Fine("lint-verification-off", "RUN go mod download\n", "RUN GOSUMDB=off go mod download\n"),
    Fine("lint-verification-off", EXPOSE, EXPOSE + "ENV NODE_TLS_REJECT_UNAUTHORIZED=1\n"),
    Bad("lint-world-writable", LAST, LAST + "RUN mkdir /data && chmod 777 /data\n"),
    Bad("lint-world-writable", LAST, LAST + "RUN mkdir /data && chmod a+rwx /data\n"),
    Bad("lint-world-writable", "COPY --from=build /app /app\n", "COPY --chmod=0777 --from=build /app /app\n"),
    Fine(
        "lint-world-writable",
        LAST,
        LAST + "RUN mkdir /data && chmod 1777 /data && chmod u+w,go-w /x && chmod g+w /y\n",
    ),
    Bad("lint-ssh-port", EXPOSE, "EXPOSE 8080 22\n"),
    Fine("lint-ssh-port", EXPOSE, "EXPOSE 2222\n"),
]

REASON = "because the base has no other"
IGNORES: list[Case] = [
    Bad("lint-ignore", USER, f"# scaffold: ignore=lint-usr {REASON}\n{USER}"),
    Bad(
        "lint-ignore", USER, "# scaffold: ignore=lint-user\nUSER root\n", at=("# scaffold",), also=("lint-user",)
    ),
    Bad("lint-ignore", USER, f"# scaffold: ignore lint-user {REASON}\n{USER}"),
    Bad("lint-ignore", USER, f"# Scaffold: off\n{USER}"),
    Bad("lint-ignore", USER, f"# scaffold: ignore=lint-expose {REASON}\n\n{USER}", also=("lint-ignore-unused",)),
    Fine("lint-ignore", USER, f"# scaffold: ignore=lint-user {REASON}\nUSER root\n"),
    Fine("lint-ignore", USER, f"# scaffold: ignore=lint-user {REASON}\n# and more\nUSER 0\n"),
    Fine("lint-ignore", "EXPOSE 8080\n", f"# scaffold: ignore=lint-ssh-port,lint-expose {REASON}\nEXPOSE 22 0\n"),
    Fine(
        "lint-ignore",
        "ARG REGISTRY",
        f"# scaffold: ignore=lint-dockerignore {REASON}\nARG REGISTRY",
        files={".dockerignore": None},
    ),
    Fine("lint-ignore", HEALTH, f"# scaffold: ignore=lint-healthcheck {REASON}\nHEALTHCHECK NONE\n"),
    Bad("lint-ignore-unused", USER, f"# scaffold: ignore=lint-user {REASON}\n{USER}"),
    Bad("lint-ignore-unused", USER, f"# scaffold: ignore=lint-last-stage-base {REASON}\n{USER}"),
    Fine("lint-ignore-unused", ENTRY, f"# scaffold: ignore=lint-exec-form {REASON}\nENTRYPOINT /app\n"),
]

CASES = [*RUNTIME, *SECRETS, *DOWNLOADS, *IGNORES]
