package org.isofleet.coordinator.http;

/** How much one who connects can cost, whatever is sent. */
final class Limits {
    /** Settings of Pekko HTTP: nothing of what a stranger sends is logged or sent back. */
    static final String CONFIG = """
            pekko.http.server {
              server-header = ""
              remote-address-attribute = on
              max-connections = 512
              backlog = 256
              pipelining-limit = 1
              idle-timeout = 60 s
              request-timeout = 30 s
              bind-timeout = 5 s
              verbose-error-messages = off
              preview.enable-http2 = off
              enable-http2 = off
              parsing {
                max-uri-length = 2k
                max-method-length = 16
                max-header-name-length = 64
                max-header-value-length = 4k
                max-header-count = 64
                max-content-length = 64k
                max-to-strict-bytes = 64k
                max-chunk-ext-length = 64
                max-chunk-size = 64k
                illegal-header-warnings = off
                illegal-response-header-value-processing-mode = ignore
                error-logging-verbosity = off
              }
            }
            """;

    private Limits() {}
}
