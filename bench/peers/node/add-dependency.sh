# node:24-alpine3.23
export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
npm install --package-lock-only --ignore-scripts --save-exact --no-audit --no-fund --omit-lockfile-registry-resolved ms@2.1.3
