package service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {
    @Test
    void defaultsHoldWhenNothingIsSet() {
        Config config = Config.load(Map.of("PORT", "", "LOG_LEVEL", ""));
        assertEquals(new InetSocketAddress("0.0.0.0", Service.DEFAULT_PORT), config.address());
        assertEquals(Level.INFO, config.level());
        assertEquals(Duration.ZERO, config.drainDelay());
        assertEquals(Duration.ofSeconds(10), config.shutdownTimeout());
    }

    @Test
    void variablesAreRead() {
        Config config = Config.load(Map.of("HOST", "::1", "PORT", "9090", "LOG_LEVEL", "Warn"));
        assertEquals(new InetSocketAddress("::1", 9090), config.address());
        assertEquals(Level.WARN, config.level());
    }

    @ParameterizedTest
    @CsvSource({"0s,0", "250ms,250", "1.5s,1500", "0.1s,100", "2m,120000", "1h,3600000"})
    void durationsHaveUnits(String text, long milliseconds) {
        assertEquals(
                milliseconds,
                Config.load(Map.of("DRAIN_DELAY", text)).drainDelay().toMillis());
    }

    @Test
    void theLongestDurationIsThatOfANumber() {
        Config config = Config.load(Map.of("DRAIN_DELAY", "999999999h"));
        assertEquals(Duration.ofNanos(Long.MAX_VALUE), config.drainDelay());
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "-1s", "s", "1 s", "1d", "1e3s", "1.s"})
    void otherDurationsAreRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Config.load(Map.of("DRAIN_DELAY", text)));
    }

    @Test
    void everyWrongVariableIsNamed() {
        Map<String, String> wrong = Map.of("HOST", "localhost", "PORT", "0", "LOG_LEVEL", "loud");
        String message = assertThrows(IllegalArgumentException.class, () -> Config.load(wrong))
                .getMessage();
        for (String name : List.of("HOST", "PORT", "LOG_LEVEL")) {
            assertTrue(message.contains(name), message);
        }
    }
}
