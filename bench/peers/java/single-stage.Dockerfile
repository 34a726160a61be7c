# What a first Dockerfile looks like: one stage with Maven, everything copied, built and started there. The trust store is
# what this comparison adds, for a network that inspects TLS.
FROM maven:3.9.16-eclipse-temurin-25-noble
WORKDIR /app
COPY .mvn .mvn
RUN --mount=type=secret,id=ca-bundle,target=/etc/ssl/certs/ca-certificates.crt \
    mkdir /network && java .mvn/Network.java /network
ENV MAVEN_OPTS="-Djavax.net.ssl.trustStore=/network/trust.p12 -Djavax.net.ssl.trustStorePassword=changeit"
COPY . .
RUN mvn -B -ntp clean package -DskipTests
EXPOSE 8080
CMD ["java", "-jar", "target/service.jar"]
