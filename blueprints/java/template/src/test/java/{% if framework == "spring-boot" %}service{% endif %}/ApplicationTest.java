package service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts the whole service, because the shutdown is the server's, and no mock has one. */
class ApplicationTest {
    /** Starts it and asks once, because the first answer takes longer than those that the tests wait for. */
    private static ConfigurableApplicationContext start(Duration drainDelay) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Config config = new Config(address, Level.INFO, drainDelay, Duration.ofSeconds(5));
        ConfigurableApplicationContext context =
                SpringApplication.run(Application.class, Application.properties(config));
        assertTrue(status(address(context), "GET", "/livez").startsWith("HTTP/1.1 200 "));
        return context;
    }

    private static InetSocketAddress address(ConfigurableApplicationContext context) {
        int port = ((WebServerApplicationContext) context).getWebServer().getPort();
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static Socket begin(InetSocketAddress address, String request) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(30_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String status(Socket socket) throws IOException {
        try (socket) {
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
        }
    }

    private static String status(InetSocketAddress address, String method, String path) throws IOException {
        return status(begin(address, method + " " + path + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/,200",
        "HEAD,/,200",
        "GET,/livez,200",
        "GET,/readyz,200",
        "GET,/nothing,404",
        "POST,/,405",
    })
    void itAnswers(String method, String path, int code) throws IOException {
        try (ConfigurableApplicationContext context = start(Duration.ZERO)) {
            assertTrue(status(address(context), method, path).startsWith("HTTP/1.1 " + code + " "));
        }
    }

    @Test
    void itDrainsAndFinishesWhatHasBegun() throws Exception {
        ConfigurableApplicationContext context = start(Duration.ofSeconds(3));
        InetSocketAddress address = address(context);
        Socket half = begin(address, "GET / HTTP/1.1\r\nHost: te");
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(context::close);
        String ready = status(address, "GET", "/readyz");
        while (ready.startsWith("HTTP/1.1 200 ")) {
            ready = status(address, "GET", "/readyz");
        }
        assertTrue(ready.startsWith("HTTP/1.1 503 "), ready);
        assertTrue(status(address, "GET", "/livez").startsWith("HTTP/1.1 200 "));
        half.getOutputStream().write("st\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertTrue(status(half).startsWith("HTTP/1.1 200 "));
        stopped.get();
        assertThrows(IOException.class, () -> status(address, "GET", "/"));
    }

    @Test
    void healthcheckAsksTheService() throws IOException {
        InetSocketAddress address;
        try (ConfigurableApplicationContext context = start(Duration.ZERO)) {
            address = address(context);
            Healthcheck.ask(address, "/livez");
        }
        assertThrows(IOException.class, () -> Healthcheck.ask(address, "/livez"));
    }

    @Test
    void itTellsWhatItIs() throws IOException {
        try (ConfigurableApplicationContext context = start(Duration.ZERO);
                Socket socket = begin(address(context), "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")) {
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String expected = "{\"service\":\"%s\",\"version\":\"dev\",\"message\":".formatted(Service.NAME);
            assertFalse(answer.isEmpty());
            assertEquals(1, answer.split(java.util.regex.Pattern.quote(expected), -1).length - 1, answer);
        }
    }

    @Test
    void aPropertyThatMakesNoSenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ServiceProperties(Duration.ofSeconds(-1)));
    }
}
