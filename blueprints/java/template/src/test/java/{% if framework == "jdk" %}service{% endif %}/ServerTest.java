package service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
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

class ServerTest {
    private static Server start(Duration drainDelay) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return Server.start(new Config(address, Level.INFO, drainDelay, Duration.ofSeconds(5)));
    }

    private static Server start() throws IOException {
        return start(Duration.ZERO);
    }

    private static Socket begin(Server server, String request) throws IOException {
        Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout(5000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String status(Socket socket) throws IOException {
        try (socket) {
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
        }
    }

    private static String status(Server server, String method, String path) throws IOException {
        return status(begin(server, method + " " + path + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"));
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
    void itAnswers(String method, String path, int code) throws IOException, InterruptedException {
        Server server = start();
        assertTrue(status(server, method, path).startsWith("HTTP/1.1 " + code + " "));
        assertTrue(server.stop());
    }

    @Test
    void itDrainsAndFinishesWhatHasBegun() throws Exception {
        Server server = start(Duration.ofSeconds(2));
        Socket half = begin(server, "GET / HTTP/1.1\r\nHost: te");
        CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(() -> stop(server));
        String ready = status(server, "GET", "/readyz");
        while (ready.startsWith("HTTP/1.1 200 ")) {
            ready = status(server, "GET", "/readyz");
        }
        assertTrue(ready.startsWith("HTTP/1.1 503 "));
        assertTrue(status(server, "GET", "/livez").startsWith("HTTP/1.1 200 "));
        half.getOutputStream().write("st\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertTrue(status(half).startsWith("HTTP/1.1 200 "));
        assertTrue(stopped.get());
        awaitRefusal(server);
    }

    /** The listening socket is closed by a thread of its own, maybe only after {@code stop} has returned. */
    private static void awaitRefusal(Server server) {
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            while (accepts(server.address())) {
                Thread.sleep(10);
            }
        });
    }

    private static boolean accepts(InetSocketAddress address) {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private static boolean stop(Server server) {
        try {
            return server.stop();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void healthcheckAsksTheService() throws Exception {
        Server server = start();
        Healthcheck.ask(server.address(), "/livez");
        assertTrue(server.stop());
        awaitRefusal(server);
        assertThrows(IOException.class, () -> Healthcheck.ask(server.address(), "/livez"));
    }

    @Test
    void itTellsWhatItIs() throws Exception {
        Server server = start();
        try (Socket socket = begin(server, "GET / HTTP/1.0\r\n\r\n")) {
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String expected = "{\"service\":\"%s\",\"version\":\"dev\",\"message\":".formatted(Service.NAME);
            assertFalse(answer.isEmpty());
            assertEquals(1, answer.split(java.util.regex.Pattern.quote(expected), -1).length - 1, answer);
        }
        assertTrue(server.stop());
    }
}
