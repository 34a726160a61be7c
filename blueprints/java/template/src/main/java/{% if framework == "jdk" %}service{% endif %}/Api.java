package service;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the service does. Add your handlers here, and their paths in {@link Server}. */
final class Api {
    private Api() {}

    /** Says what the service is. */
    static void root(HttpExchange exchange) throws IOException {
        Map<String, String> info = new LinkedHashMap<>();
        info.put("service", Service.NAME);
        info.put("version", Service.version());
        info.put("message", Service.MESSAGE);
        Responses.send(exchange, Responses.OK, "application/json", Json.object(info) + '\n');
    }
}
