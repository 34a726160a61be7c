package service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs the handlers the way a container platform expects it: with probes, limits, one line in the log for each request,
 * and a shutdown that finishes what has begun.
 */
final class Server {
    private static final Set<String> PROBES = Set.of("/livez", "/readyz");
    private static final Set<String> READING = Set.of("GET", "HEAD");
    // Settings of the JDK's server, which has no other place for them (module jdk.httpserver): seconds to read a
    // request, to answer it, and between two of a connection.
    private static final Map<String, String> LIMITS = Map.of(
            "sun.net.httpserver.maxReqTime", "30",
            "sun.net.httpserver.maxRspTime", "30",
            "sun.net.httpserver.idleInterval", "65",
            "sun.net.httpserver.nodelay", "true");

    private final Config config;
    private final HttpServer http;
    private final Map<String, HttpHandler> routes =
            Map.of("/", Api::root, "/livez", Server::live, "/readyz", this::ready);
    // Its parties are the requests that have begun, and the server itself.
    private final Phaser begun = new Phaser(1);
    private volatile boolean draining;

    private Server(Config config) throws IOException {
        this.config = config;
        LIMITS.forEach(System::setProperty);
        http = HttpServer.create(config.address(), 0);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", this::handle);
    }

    /** Starts to serve. */
    static Server start(Config config) throws IOException {
        Server server = new Server(config);
        server.http.start();
        return server;
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return http.getAddress();
    }

    /**
     * Shuts down: /readyz turns 503 and load balancers look away during the drain delay; then no connection is accepted
     * any more and requests that have begun are finished. Returns whether all of them were.
     */
    boolean stop() throws InterruptedException {
        draining = true;
        Log.info("draining", "delay", config.drainDelay(), "timeout", config.shutdownTimeout());
        Thread.sleep(config.drainDelay());
        // It refuses connections from now on. How long it waits itself differs between versions of the JDK.
        Thread.startVirtualThread(
                () -> http.stop(Math.toIntExact(config.shutdownTimeout().toSeconds()) + 1));
        return finish(config.shutdownTimeout());
    }

    private boolean finish(Duration limit) throws InterruptedException {
        try {
            begun.awaitAdvanceInterruptibly(begun.arriveAndDeregister(), limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        }
    }

    private void handle(HttpExchange exchange) {
        long start = System.nanoTime();
        begun.register();
        try (exchange) {
            if (draining) {
                // The client's next request then goes to another instance.
                exchange.getResponseHeaders().set("Connection", "close");
            }
            route(exchange);
        } catch (IOException gone) {
            Log.debug("connection", "reason", gone);
        } finally {
            log(exchange, Duration.ofNanos(System.nanoTime() - start));
            begun.arriveAndDeregister();
        }
    }

    private void route(HttpExchange exchange) throws IOException {
        HttpHandler handler = routes.get(exchange.getRequestURI().getPath());
        try {
            if (handler == null) {
                Responses.text(exchange, Responses.NOT_FOUND, "not found");
            } else if (!READING.contains(exchange.getRequestMethod())) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                Responses.text(exchange, Responses.METHOD_NOT_ALLOWED, "method not allowed");
            } else {
                handler.handle(exchange);
            }
        } catch (RuntimeException failure) {
            Log.error("failure", "reason", failure, "at", failure.getStackTrace()[0]);
            Responses.text(exchange, Responses.INTERNAL_ERROR, "internal error");
        }
    }

    private static void log(HttpExchange exchange, Duration duration) {
        String path = exchange.getRequestURI().getPath();
        Object[] fields = {
            "method", exchange.getRequestMethod(),
            "path", path,
            "status", exchange.getResponseCode(),
            "duration_ms", duration.toMillis(),
        };
        if (PROBES.contains(path)) {
            // They come every few seconds; they would fill the log.
            Log.debug("request", fields);
        } else {
            Log.info("request", fields);
        }
    }

    /** Asks no dependency: a restart, which is what its failure leads to, would not mend one. */
    private static void live(HttpExchange exchange) throws IOException {
        Responses.text(exchange, Responses.OK, "ok");
    }

    private void ready(HttpExchange exchange) throws IOException {
        if (draining) {
            Responses.text(exchange, Responses.UNAVAILABLE, "draining");
        } else {
            Responses.text(exchange, Responses.OK, "ok");
        }
    }
}
