package org.isofleet.deploy.study;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.isofleet.coordinator.plan.Nearest;
import org.isofleet.metrics.webhook.Webhook;
import org.isofleet.metrics.webhook.Webhook.Occasion;
import org.isofleet.protocol.keys.SecretFile;
import org.isofleet.protocol.study.InvalidSpecException;
import org.jspecify.annotations.Nullable;

/**
 * Webhooks in a HOCON file: {@code webhooks = [{ url = "https://…", on = [run-failed, study-finished], secret-file = "hook.secret" }]}. They stand
 * apart from the study, whose plan is shown to everyone who may look: urls are often secrets, and change while a study stays what it is.
 */
public final class WebhookFile {
    private static final int MOST = 20;
    private static final int LARGEST_BYTES = 1 << 16;
    private static final Set<String> KEYS = Set.of("url", "on", "secret-file");

    private final Path file;

    private WebhookFile(Path file) {
        this.file = file;
    }

    /**
     * Reads a file; a secret's path is from its folder on.
     *
     * @throws InvalidSpecException when it says something that makes no sense: one line with file, line and mend
     */
    public static List<Webhook> read(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_BYTES) {
            throw new InvalidSpecException("--webhooks: " + file + " is no file of at most 64 KiB; name another");
        }
        return new WebhookFile(file).hooks();
    }

    private List<Webhook> hooks() throws IOException {
        try {
            Config config = ConfigFactory.parseString(
                            Files.readString(file),
                            ConfigParseOptions.defaults()
                                    .setSyntax(ConfigSyntax.CONF)
                                    .setOriginDescription(file.toString()))
                    .resolve();
            refuseUnknown(config.root(), Set.of("webhooks"));
            List<Webhook> hooks = new ArrayList<>();
            for (ConfigObject each : config.getObjectList("webhooks")) {
                hooks.add(hook(each));
            }
            if (hooks.size() > MOST) {
                throw new InvalidSpecException(file + ": " + hooks.size() + " webhooks are more than " + MOST);
            }
            return hooks;
        } catch (ConfigException e) {
            String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new InvalidSpecException(said.startsWith(file.toString()) ? said : file + ": " + said);
        }
    }

    private Webhook hook(ConfigObject object) throws IOException {
        refuseUnknown(object, KEYS);
        Config config = object.toConfig();
        String place = place(object.origin());
        try {
            return new Webhook(new URI(config.getString("url")), occasions(place, config), secret(place, config));
        } catch (URISyntaxException e) {
            throw new InvalidSpecException(place + "url is none: " + e.getReason() + "; write it as https://host/path");
        } catch (InvalidSpecException e) {
            String said = String.valueOf(e.getMessage());
            throw said.startsWith(file.toString()) ? e : new InvalidSpecException(place + said);
        }
    }

    private static Set<Occasion> occasions(String place, Config config) {
        Set<Occasion> occasions = EnumSet.noneOf(Occasion.class);
        for (String word : config.hasPath("on") ? config.getStringList("on") : words()) {
            occasions.add(Arrays.stream(Occasion.values())
                    .filter(occasion -> occasion.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new InvalidSpecException(
                            place + "on: '" + word + "' is none of " + String.join(", ", words()))));
        }
        return occasions;
    }

    private static List<String> words() {
        return Arrays.stream(Occasion.values()).map(Occasion::word).toList();
    }

    private @Nullable String secret(String place, Config config) throws IOException {
        if (!config.hasPath("secret-file")) {
            return null;
        }
        Path secret = file.toAbsolutePath().resolveSibling(config.getString("secret-file"));
        if (!Files.isRegularFile(secret)) {
            throw new InvalidSpecException(place + "secret-file: there is no file " + secret
                    + "; write a secret of at least 16 characters into it");
        }
        return SecretFile.read(secret);
    }

    private void refuseUnknown(ConfigObject object, Set<String> known) {
        object.forEach((key, value) -> {
            if (!known.contains(key)) {
                Optional<String> near = Nearest.near(key, known);
                throw new InvalidSpecException(place(value.origin()) + "unknown key '" + key + "'; "
                        + near.map(name -> "did you mean '" + name + "'?")
                                .orElse("there are " + known.stream().sorted().collect(Collectors.joining(", "))));
            }
        });
    }

    private String place(ConfigOrigin origin) {
        return file + ":" + origin.lineNumber() + ": ";
    }
}
