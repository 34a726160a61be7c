package service;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** One line in the log for each request. */
@Component
class RequestLog extends OncePerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
    private static final Set<String> PROBES = Set.of("/livez", "/readyz");

    private final ApplicationAvailability availability;

    RequestLog(ApplicationAvailability availability) {
        this.availability = availability;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long start = System.nanoTime();
        if (availability.getReadinessState() == ReadinessState.REFUSING_TRAFFIC) {
            // The client's next request then goes to another instance.
            response.setHeader("Connection", "close");
        }
        try {
            chain.doFilter(request, response);
        } finally {
            log(request, response, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private static void log(HttpServletRequest request, HttpServletResponse response, Duration duration) {
        // Probes come every few seconds; they would fill the log.
        LOG.atLevel(PROBES.contains(request.getRequestURI()) ? Level.DEBUG : Level.INFO)
                .addKeyValue("method", request.getMethod())
                .addKeyValue("path", request.getRequestURI())
                .addKeyValue("status", response.getStatus())
                .addKeyValue("duration_ms", duration.toMillis())
                .log("request");
    }
}
