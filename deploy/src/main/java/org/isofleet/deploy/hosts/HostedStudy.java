package org.isofleet.deploy.hosts;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.isofleet.deploy.study.StudySource;
import org.isofleet.protocol.study.EngineChoice;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.RateRule;
import org.isofleet.protocol.study.StudySpec;

/**
 * A study as hosts get it.
 *
 * @param name of its folder
 * @param argument by which the coordinator there is told of it: a path from that folder on, or the name of an embedded study
 * @param files of it there, by their paths from that folder on
 * @param images folder that every host must see; empty when the program holds them
 * @param engine of its workers
 */
record HostedStudy(String name, String argument, Map<String, byte[]> files, String images, EngineChoice engine) {
    /** What a study cites, as it is called there. */
    private static final String TUNING = "cited.tuning.json";

    /**
     * Reads a study and what it cites.
     *
     * @throws InvalidSpecException when there is none, or it makes no sense
     */
    static HostedStudy open(String study) throws IOException {
        StudySource source = StudySource.open(study);
        StudySpec spec = source.spec();
        String name = spec.name();
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new InvalidSpecException(
                    study + ": name: on hosts a study's name is a folder's: letters, digits, dots and dashes, not '"
                            + name + "'");
        }
        EngineChoice engine = EngineChoice.of(spec.engine(), spec.precision());
        if (source.place().equals(StudySource.DEMO)) {
            return new HostedStudy(name, StudySource.DEMO, Map.of(), "", engine);
        }
        Path file = Path.of(study);
        String location = spec.images().location();
        boolean embedded = location.startsWith(ImageSetRef.EMBEDDED);
        Map<String, byte[]> files = new TreeMap<>();
        Config there = ConfigFactory.parseFile(file.toFile());
        if (!embedded) { // a path from the file's own folder on would mean another place there
            there = there.withValue("images.location", ConfigValueFactory.fromAnyRef(location));
        }
        if (spec.optimizer().rate() instanceof RateRule.Cited cited) { // wherever it lies here
            files.put("source/" + TUNING, Files.readAllBytes(file.resolveSibling(cited.file())));
            there = there.withValue("optimizer.tuning.file", ConfigValueFactory.fromAnyRef(TUNING));
        }
        String text =
                there.root().render(ConfigRenderOptions.concise().setJson(false).setFormatted(true));
        files.put("source/study.conf", text.getBytes(StandardCharsets.UTF_8));
        return new HostedStudy(name, "source/study.conf", files, embedded ? "" : location, engine);
    }
}
