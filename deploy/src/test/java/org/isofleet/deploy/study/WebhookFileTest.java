package org.isofleet.deploy.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.isofleet.metrics.webhook.Webhook;
import org.isofleet.metrics.webhook.Webhook.Occasion;
import org.isofleet.protocol.study.InvalidSpecException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookFileTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void file_isReadWithSecretsFromBesideIt() throws IOException {
        Files.writeString(folder.resolve("hook.secret"), "0123456789abcdef\n");
        assertThat(WebhookFile.read(written("""
                        webhooks = [
                          { url = "https://hooks.example/a", on = [run-failed], secret-file = hook.secret }
                          { url = "http://127.0.0.1:9/b" }
                        ]
                        """)))
                .isEqualTo(List.of(
                        new Webhook(
                                URI.create("https://hooks.example/a"),
                                EnumSet.of(Occasion.RUN_FAILED),
                                "0123456789abcdef"),
                        new Webhook(URI.create("http://127.0.0.1:9/b"), EnumSet.allOf(Occasion.class), null)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            webhooks = [{ url = "https://a", om = [run-failed] }]        | :1: unknown key 'om'; did you mean 'on'?
            webhook = []                                                 | :1: unknown key 'webhook'; did you mean 'webhooks'?
            webhooks = [{ url = "ftp://a/b" }]                           | :1: a webhook's url begins with http:// or https://
            webhooks = [{ url = "https://a b" }]                         | :1: url is none
            webhooks = [{ url = "https://a", on = [run-done] }]          | :1: on: 'run-done' is none of run-failed, study-finished
            webhooks = [{ url = "https://a", on = [] }]                  | :1: a webhook that is told of nothing
            webhooks = [{ on = [run-failed] }]                           | url
            webhooks = [{ url = "https://a", secret-file = none }]       | :1: secret-file: there is no file
            webhooks = [{                                                | webhooks.conf
            nothing = 1                                                  | :1: unknown key 'nothing'; there are webhooks
            """)
    void wrongFile_isNamedWithItsPlace(String text, String told) throws IOException {
        Path file = written(text);
        assertThatThrownBy(() -> WebhookFile.read(file))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(told)
                .message()
                .hasLineCount(1);
    }

    @Test
    void missingFile_isNamed() {
        assertThatThrownBy(() -> WebhookFile.read(folder.resolve("none.conf")))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("none.conf");
    }

    private Path written(String text) throws IOException {
        return Files.writeString(folder.resolve("webhooks.conf"), text);
    }
}
