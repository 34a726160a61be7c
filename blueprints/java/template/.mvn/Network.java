import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;

/**
 * Tells Maven, which reads neither, of the network that the environment describes: HTTPS_PROXY, NO_PROXY, MAVEN_MIRROR and
 * the system's certificates become a settings.xml and a trust store. Run by the Dockerfile; a build outside needs it not.
 */
final class Network {
    private static final Path CERTIFICATES = Path.of("/etc/ssl/certs/ca-certificates.crt");
    private static final char[] PASSWORD = "changeit".toCharArray();

    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        Path folder = Path.of(arguments[0]);
        writeTrustStore(folder.resolve("trust.p12"));
        Files.writeString(folder.resolve("settings.xml"), "<settings>" + mirror() + proxy() + "</settings>\n");
    }

    private static void writeTrustStore(Path target) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        try (InputStream bundle = Files.newInputStream(CERTIFICATES)) {
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(bundle)) {
                store.setCertificateEntry("authority-" + store.size(), one);
            }
        }
        try (OutputStream out = Files.newOutputStream(target)) {
            store.store(out, PASSWORD);
        }
    }

    private static String mirror() {
        return variable("MAVEN_MIRROR")
                .map(url -> "<mirrors><mirror><id>mirror</id><mirrorOf>*</mirrorOf>" + element("url", url)
                        + "</mirror></mirrors>")
                .orElse("");
    }

    private static String proxy() {
        return variable("HTTPS_PROXY").or(() -> variable("HTTP_PROXY")).map(Network::proxy).orElse("");
    }

    private static String proxy(String address) {
        URI proxy = URI.create(address.contains("://") ? address : "http://" + address);
        String[] user = Optional.ofNullable(proxy.getUserInfo()).orElse("").split(":", 2);
        return "<proxies><proxy><active>true</active>"
                + element("host", proxy.getHost())
                + element("port", String.valueOf(proxy.getPort() < 0 ? 80 : proxy.getPort()))
                + (user.length == 2 ? element("username", user[0]) + element("password", user[1]) : "")
                + element("nonProxyHosts", variable("NO_PROXY").orElse("").replace(',', '|'))
                + "</proxy></proxies>";
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }

    private static String element(String name, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        return "<" + name + ">" + escaped + "</" + name + ">";
    }
}
