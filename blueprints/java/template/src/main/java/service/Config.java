package service;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The configuration, read from the environment; README.md describes the variables.
 *
 * @param address where the service listens
 * @param level the least urgent level that is logged
 * @param drainDelay how long /readyz says 503 before connections are refused
 * @param shutdownTimeout how long requests that have begun by then may take
 */
record Config(InetSocketAddress address, Level level, Duration drainDelay, Duration shutdownTimeout) {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h)");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final Map<String, Double> NANOSECONDS = Map.of("ms", 1e6, "s", 1e9, "m", 60e9, "h", 3600e9);
    private static final int MAX_PORT = 65535;

    /**
     * Reads the variables. One that is empty counts as not set.
     *
     * @throws IllegalArgumentException naming every variable that does not hold, not only the first
     */
    static Config load(Map<String, String> environment) {
        Reader reader = new Reader(environment, new ArrayList<>());
        String host = reader.read("HOST", "0.0.0.0", Config::parseHost);
        int port = reader.read("PORT", String.valueOf(Service.DEFAULT_PORT), Config::parsePort);
        Level level = reader.read("LOG_LEVEL", "info", Config::parseLevel);
        Duration drainDelay = reader.read("DRAIN_DELAY", "0s", Config::parseDuration);
        Duration shutdownTimeout = reader.read("SHUTDOWN_TIMEOUT", "10s", Config::parseDuration);
        if (!reader.problems().isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", reader.problems()));
        }
        return new Config(new InetSocketAddress(host, port), level, drainDelay, shutdownTimeout);
    }

    private record Reader(Map<String, String> environment, List<String> problems) {
        <T> T read(String name, String otherwise, Function<String, T> parse) {
            String given = environment.getOrDefault(name, "");
            try {
                return parse.apply(given.isEmpty() ? otherwise : given);
            } catch (IllegalArgumentException refused) {
                problems.add("%s is \"%s\": want %s".formatted(name, given, refused.getMessage()));
                return parse.apply(otherwise);
            }
        }
    }

    private static String parseHost(String text) {
        if (!ADDRESS.matcher(text).matches() || new InetSocketAddress(text, 0).isUnresolved()) {
            throw new IllegalArgumentException("an IP address such as 0.0.0.0 or ::1");
        }
        return text;
    }

    private static int parsePort(String text) {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MAX_PORT) {
            throw new IllegalArgumentException("a number from 1 to 65535");
        }
        return Integer.parseInt(text);
    }

    private static Level parseLevel(String text) {
        for (Level level : Level.values()) {
            if (level.name().toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT))) {
                return level;
            }
        }
        throw new IllegalArgumentException("debug, info, warn or error");
    }

    private static Duration parseDuration(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("a duration such as 0s, 1.5s or 2m");
        }
        return Duration.ofNanos(Math.round(Double.parseDouble(parts.group(1)) * NANOSECONDS.get(parts.group(2))));
    }
}
