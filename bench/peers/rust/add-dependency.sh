# rust:1.95.0-slim-trixie
cargo add --quiet hex@0.4.3
