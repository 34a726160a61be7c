# python:3.13-slim-trixie
export PIP_CERT=/etc/ssl/certs/ca-certificates.crt SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
pip install --quiet --root-user-action=ignore uv==0.13.9
uv add --quiet --no-sync itsdangerous==2.2.0
