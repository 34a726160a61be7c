package service;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the service does. Add your handlers here, or further controllers beside it. */
@RestController
class Api {
    /**
     * What the service says of itself.
     *
     * @param service its name
     * @param version its version
     * @param message what it does
     */
    record Info(String service, String version, String message) {}

    @GetMapping("/")
    Info root() {
        return new Info(Service.NAME, Service.version(), Service.MESSAGE);
    }
}
