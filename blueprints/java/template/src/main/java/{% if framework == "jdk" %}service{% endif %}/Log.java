package service;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The log: one JSON object a line on standard output, with time, level, msg and the fields of the event. */
final class Log {
    private static final OutputStream OUT = new FileOutputStream(FileDescriptor.out);
    private static volatile Level threshold = Level.INFO;

    private Log() {}

    static void setThreshold(Level level) {
        threshold = level;
    }

    static void debug(String message, Object... fields) {
        write(Level.DEBUG, message, fields);
    }

    static void info(String message, Object... fields) {
        write(Level.INFO, message, fields);
    }

    static void error(String message, Object... fields) {
        write(Level.ERROR, message, fields);
    }

    /** Writes one line; {@code fields} are names and values in turn. */
    private static void write(Level level, String message, Object... fields) {
        if (level.compareTo(threshold) < 0) {
            return;
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", Instant.now());
        line.put("level", level.name().toLowerCase(Locale.ROOT));
        line.put("msg", message);
        for (int index = 0; index < fields.length; index += 2) {
            line.put(String.valueOf(fields[index]), fields[index + 1]);
        }
        byte[] bytes = (Json.object(line) + '\n').getBytes(StandardCharsets.UTF_8);
        try {
            // One call a line: lines of several threads do not mix.
            OUT.write(bytes);
        } catch (IOException closed) {
            // Nobody reads the log any more, so there is nobody to tell.
            return;
        }
    }
}
