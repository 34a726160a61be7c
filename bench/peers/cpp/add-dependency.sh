# debian:trixie-slim
sed -i "s/'\?nlohmann-json3-dev[^ ]*/& libfmt-dev/" Dockerfile
sed -i 's/^find_package(Threads REQUIRED)/find_package(fmt REQUIRED)\n&/' CMakeLists.txt
