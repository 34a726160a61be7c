package service;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * An HTTP service. Called with {@code healthcheck} it asks the running service whether it is alive, for which Spring is not
 * started.
 */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class Application {
    private static final int FAILURE = 1;

    /** Starts the service, or does what the arguments say. */
    public static void main(String[] arguments) {
        try {
            run(String.join(" ", arguments));
        } catch (IOException | IllegalArgumentException failure) {
            refuse(failure);
            System.exit(FAILURE);
        }
    }

    private static void run(String command) throws IOException {
        Config config = Config.load(System.getenv());
        switch (command) {
            case "" -> serve(config);
            case "healthcheck" -> Healthcheck.ask(config.address(), "/livez");
            default ->
                throw new IllegalArgumentException(
                        "unknown command \"" + command + "\": there is healthcheck, or nothing");
        }
    }

    private static void serve(Config config) {
        SpringApplication.run(Application.class, properties(config));
        // Spring has closed everything by then; the JVM by itself would end with 143 or 130.
        SpringApplication.getShutdownHandlers().add(() -> Runtime.getRuntime().halt(0));
        // No constant: healthcheck needs no log.
        LoggerFactory.getLogger(Application.class)
                .atInfo()
                .addKeyValue("service", Service.NAME)
                .addKeyValue("address", config.address())
                .addKeyValue("version", Service.version())
                .addKeyValue("revision", Service.revision())
                .addKeyValue("java", Runtime.version())
                .log("listening");
    }

    /** As arguments, because nothing overrides those: a cluster may set SERVER_PORT for a service called server. */
    static String[] properties(Config config) {
        return new String[] {
            "--server.address=" + config.address().getAddress().getHostAddress(),
            "--server.port=" + config.address().getPort(),
            "--logging.level.root=" + config.level().name().toLowerCase(Locale.ROOT),
            "--service.drain-delay=" + config.drainDelay(),
            "--spring.lifecycle.timeout-per-shutdown-phase=" + config.shutdownTimeout(),
        };
    }

    /** Says why there is nothing to start, in the form of the log, which Spring sets up later. */
    private static void refuse(Exception failure) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", Instant.now());
        line.put("level", Level.ERROR);
        line.put("msg", "exit");
        line.put("error", failure.getMessage());
        System.out.println(Json.object(line));
    }
}
