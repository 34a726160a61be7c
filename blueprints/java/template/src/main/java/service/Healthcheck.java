package service;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Asks the service that runs beside it, with the same environment, whether it is alive, so that a container needs neither
 * a shell nor curl for that.
 */
final class Healthcheck {
    // Shorter than the timeout of the image's HEALTHCHECK, so that the reason is reported rather than a kill.
    private static final int TIMEOUT_MILLIS = 2000;
    private static final String REQUEST = "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private Healthcheck() {}

    /**
     * Asks the service.
     *
     * @throws IOException when it is not alive
     */
    static void ask(InetSocketAddress address, String path) throws IOException {
        InetAddress host = address.getAddress();
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            InetAddress target = host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host;
            socket.connect(new InetSocketAddress(target, address.getPort()), TIMEOUT_MILLIS);
            socket.getOutputStream().write(REQUEST.formatted(path).getBytes(StandardCharsets.US_ASCII));
            String status = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            if (status == null || !status.startsWith("HTTP/1.1 200 ")) {
                throw new IOException(path + " answered " + status);
            }
        }
    }
}
