package service;

import java.io.File;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.stereotype.Component;

/** Lets the server start where nothing can be written: by default it makes a folder for the files that it serves. */
@Component
class ReadOnlyServer implements WebServerFactoryCustomizer<ConfigurableServletWebServerFactory> {
    @Override
    public void customize(ConfigurableServletWebServerFactory factory) {
        // It serves none of the files that may be there: application.yaml has turned that off.
        factory.setDocumentRoot(new File("/tmp"));
    }
}
