# maven:3.9.16-eclipse-temurin-25-noble
dependency='<groupId>org.apache.commons</groupId><artifactId>commons-text</artifactId><version>1.14.0</version>'
sed -i "s,<dependencies>,&<dependency>${dependency}</dependency>," pom.xml
