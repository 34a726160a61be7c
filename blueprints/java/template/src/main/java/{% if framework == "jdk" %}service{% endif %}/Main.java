package service;

import java.io.IOException;

/**
 * An HTTP service. Called with {@code healthcheck} it asks the running service whether it is alive.
 */
public final class Main {
    private static final int FAILURE = 1;

    private Main() {}

    /** Starts the service, or does what the arguments say. */
    public static void main(String[] arguments) {
        try {
            run(String.join(" ", arguments));
        } catch (IOException | IllegalArgumentException failure) {
            Log.error("exit", "error", failure.getMessage());
            System.exit(FAILURE);
        }
    }

    private static void run(String command) throws IOException {
        Config config = Config.load(System.getenv());
        Log.setThreshold(config.level());
        switch (command) {
            case "" -> serve(config);
            case "healthcheck" -> Healthcheck.ask(config.address(), "/livez");
            default ->
                throw new IllegalArgumentException(
                        "unknown command \"" + command + "\": there is healthcheck, or nothing");
        }
    }

    private static void serve(Config config) throws IOException {
        Server server = start(config);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
    }

    private static Server start(Config config) throws IOException {
        Server server = Server.start(config);
        Log.info(
                "listening",
                "service",
                Service.NAME,
                "address",
                server.address(),
                "version",
                Service.version(),
                "revision",
                Service.revision(),
                "java",
                Runtime.version());
        return server;
    }

    /** What happens on SIGTERM and SIGINT; the JVM by itself would end with 143 or 130. */
    private static void stop(Server server) {
        try {
            if (server.stop()) {
                Log.info("stopped");
                Runtime.getRuntime().halt(0);
            }
            Log.error("exit", "error", "requests were cut off");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(FAILURE);
    }
}
