package service;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Lets load balancers look away before connections are refused. Spring has turned /readyz to 503 when this event comes,
 * and closes the server, which finishes the requests that have begun, when it returns.
 */
@Component
class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    private final ServiceProperties properties;

    Drain(ServiceProperties properties) {
        this.properties = properties;
    }

    @EventListener(ContextClosedEvent.class)
    void drain() {
        LOG.atInfo().addKeyValue("delay", properties.drainDelay()).log("draining");
        try {
            Thread.sleep(properties.drainDelay());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
