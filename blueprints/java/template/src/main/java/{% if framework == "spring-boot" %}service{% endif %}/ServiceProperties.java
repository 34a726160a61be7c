package service;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The service's own properties, {@code service.*} in application.yaml. Add yours here.
 *
 * @param drainDelay how long /readyz says 503 before connections are refused
 */
@ConfigurationProperties("service")
record ServiceProperties(@DefaultValue("0s") Duration drainDelay) {
    ServiceProperties {
        if (drainDelay.isNegative()) {
            throw new IllegalArgumentException("service.drain-delay is " + drainDelay + ": want 0s or more");
        }
    }
}
