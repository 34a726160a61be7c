# What Docker's guide for Java has ("Containerize a Java application"): dependencies first, a cache mount for Maven's
# repository, a runtime image with a user. Its last stage is Temurin's JRE on Ubuntu; here it is Debian's on Debian, for which
# a package exists. The trust store is what this comparison adds.
FROM maven:3.9.16-eclipse-temurin-25-noble AS deps
WORKDIR /build
COPY .mvn .mvn
RUN --mount=type=secret,id=ca-bundle,target=/etc/ssl/certs/ca-certificates.crt \
    mkdir /network && java .mvn/Network.java /network
ENV MAVEN_OPTS="-Djavax.net.ssl.trustStore=/network/trust.p12 -Djavax.net.ssl.trustStorePassword=changeit"
COPY pom.xml pom.xml
RUN --mount=type=cache,target=/root/.m2 mvn -B -ntp dependency:go-offline -DskipTests

FROM deps AS package
WORKDIR /build
COPY src src
RUN --mount=type=cache,target=/root/.m2 mvn -B -ntp package -DskipTests

FROM debian:trixie-slim AS final
RUN --mount=type=secret,id=ca-bundle,target=/etc/ssl/certs/ca-certificates.crt \
    mkdir -p /usr/share/man/man1 \
    && apt-get update && apt-get install -y --no-install-recommends openjdk-25-jre-headless \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --no-create-home --shell /sbin/nologin --uid 10001 appuser
USER appuser
COPY --from=package /build/target/service.jar /app.jar
EXPOSE 8080
ENTRYPOINT ["java", "-jar", "/app.jar"]
