# What Azure/draft generates (template/dockerfiles/java): everything copied, packaged with its tests, and started by a shell in
# a second stage. That is Temurin's JDK on Ubuntu; here it is the same system with Maven. The trust store is what this
# comparison adds, and the jar's name, which draft looks for by its version.
FROM maven:3.9.16-eclipse-temurin-25-noble AS build
COPY .mvn /network-of/.mvn
WORKDIR /network-of
RUN --mount=type=secret,id=ca-bundle,target=/etc/ssl/certs/ca-certificates.crt \
    mkdir /network && java .mvn/Network.java /network
ENV MAVEN_OPTS="-Djavax.net.ssl.trustStore=/network/trust.p12 -Djavax.net.ssl.trustStorePassword=changeit"
WORKDIR /
COPY . /usr/src/app
RUN mvn --batch-mode -f /usr/src/app/pom.xml clean package

FROM maven:3.9.16-eclipse-temurin-25-noble
ENV PORT=8080
EXPOSE 8080
COPY --from=build /usr/src/app/target /opt/target
WORKDIR /opt/target
CMD ["/bin/bash", "-c", "find -type f -name 'service.jar' | xargs java -jar"]
